"""What publishes here, listed."""
