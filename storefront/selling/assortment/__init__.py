"""Many listings at once: the list with its filters and choices, the change with its preview and report, copies, stock history."""
