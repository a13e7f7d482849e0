"""Factories and buyers, their contacts, ties and consents."""
