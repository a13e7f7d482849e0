"""Evenweave: one factory, one plan, everyone at the table."""
