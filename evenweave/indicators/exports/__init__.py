"""Rates of exports at full size: reading the table, counting with arrays, saying what came out."""
