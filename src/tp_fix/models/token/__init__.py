"""npm credentials: where they enter, who uses them, what writes and checks them, and how far each may go."""
