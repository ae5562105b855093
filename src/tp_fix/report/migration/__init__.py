"""What commits and their pull request say, and where they are."""
