"""Reads of committees, for a person."""
