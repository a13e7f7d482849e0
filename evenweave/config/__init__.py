"""Wires the rest: settings, root addresses, the style guide, the schedule of periodic work."""
