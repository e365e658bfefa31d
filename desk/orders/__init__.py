"""Orders at the desk: find one, read its story, and say that it was delivered when nobody else can."""
