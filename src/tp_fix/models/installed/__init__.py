"""Which version of a package a repository installs, from its lock files and manifests."""
