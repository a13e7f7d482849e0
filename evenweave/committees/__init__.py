"""The worker-management committee of each factory: its seats, elections, meetings, minutes and health."""
