"""The append-only, hash-chained log of steps taken."""
