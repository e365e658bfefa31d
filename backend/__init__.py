"""Wiring only: settings, URLs, the servers' entry points, the table of recurring jobs, and the demo's supervisor."""
