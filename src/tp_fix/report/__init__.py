"""The report: for a person, for a machine, as a patch."""
