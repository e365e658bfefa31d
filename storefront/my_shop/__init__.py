"""Pages of one's own shop: begin it, finish its checklist, say what it promises, and choose who works in it."""
