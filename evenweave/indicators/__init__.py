"""Rates and comparisons; small groups are suppressed."""
