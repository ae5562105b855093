"""How a publication comes to a job of its own: what would move, what stands in the way, and the changes for it."""
