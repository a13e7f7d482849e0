"""E-mail through Django's mail settings (SMTP, a file folder, a provider's backend)."""
