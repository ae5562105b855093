"""When something runs: expressions with three values, the events of a workflow, what keeps a step from running."""
