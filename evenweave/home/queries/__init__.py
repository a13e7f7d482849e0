"""Reads for a person: the desk, the log, stored files, the demo's people."""
