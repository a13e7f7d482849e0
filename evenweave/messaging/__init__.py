"""Sends messages to the outside: e-mail today; one folder per gateway."""
