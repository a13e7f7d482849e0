"""A country programme and the rules in force on a day."""
