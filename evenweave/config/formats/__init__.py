"""Days and times as pages write them, a folder a language; the rest is as Django has it."""
