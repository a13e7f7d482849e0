"""Accounts, sign-in, language, invitations."""
