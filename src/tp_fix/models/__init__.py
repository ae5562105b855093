"""What the rules talk about: repositories, workflows, packages, publications, read from nodes."""
