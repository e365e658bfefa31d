"""The index of this storey's tables: re-exports the models of its rooms."""
