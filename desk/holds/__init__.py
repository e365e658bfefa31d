"""Held money at the desk: every hold, its parts, entries, timers and events. Reads only."""
