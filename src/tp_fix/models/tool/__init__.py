"""The runs of release tools, and what raises such a tool."""
