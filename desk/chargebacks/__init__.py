"""Banks that take money back, at the desk: what must be answered, the evidence, and who bears a loss."""
