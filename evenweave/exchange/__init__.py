"""The outside world's doors: imports and exports."""
