"""Which version of a release tool, or of a package manager, a repository runs, and the runs of such tools."""
