"""The listing editor, the list with its changes to many, and stock. Everything typed is kept, also when something is wrong."""
