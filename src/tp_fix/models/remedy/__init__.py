"""What is done about an npm that is too old."""
