"""The door for people: pages. Each view makes one call to a room below."""
