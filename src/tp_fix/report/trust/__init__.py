"""What npm has to be told."""
