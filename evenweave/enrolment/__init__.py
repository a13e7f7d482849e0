"""Service packages, yearly cycles, consents made effective, buyers' credits, invoices."""
