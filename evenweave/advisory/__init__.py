"""Coaching visits to a factory: planned through the year, logged in five minutes, joined to its improvement plan."""
