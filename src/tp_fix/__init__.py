"""tp-fix moves a repository's npm releases from a long-lived token to npm's trusted publishing."""

__version__ = "0.1.0"
