"""Version 1: one module per resource, serializers and views together; `urls.py` is the table of contents."""
