"""Reads of the improvement plan, for a person."""
