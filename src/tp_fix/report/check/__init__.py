"""The preflight list."""
