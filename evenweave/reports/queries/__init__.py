"""Reads of this room: reports for a person, the facts of a report, what waits for whom."""
