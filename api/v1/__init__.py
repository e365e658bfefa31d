"""Version 1 of the API: one module per resource, serializers and views together."""
