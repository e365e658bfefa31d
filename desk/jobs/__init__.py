"""Jobs that were set aside, for administrators: see them, and try them again."""
