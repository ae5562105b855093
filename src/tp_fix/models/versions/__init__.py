"""Versions: what a name stands for, which npm comes with a Node, and what runs on what."""
