"""The library of legal instruments that questions refer to, with dates and sources."""
