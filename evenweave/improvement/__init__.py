"""The one improvement plan of a factory: its items, evidence, verification and shared thread."""
