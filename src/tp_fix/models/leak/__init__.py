"""Credentials that are shown or stand in clear: where they flow in a script, and which statements may go."""
