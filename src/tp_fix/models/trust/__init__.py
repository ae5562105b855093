"""Whom npm has to trust, and what it has been told."""
