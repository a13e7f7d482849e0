"""Texts through any gateway that speaks HTTP, in the shape of RapidPro's "External" channel."""
