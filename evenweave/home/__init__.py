"""The signed-in person's desk: a dated to-do list first, charts second; the log as people may read it."""
