"""The only place that talks to GitHub."""
