"""Finds things."""
