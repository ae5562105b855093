"""What publishes here: the commands and actions, their packages, where they go, and what may hide a failure."""
