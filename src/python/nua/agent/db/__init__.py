"""Databases, users and tables, for start scripts that set up their own."""
