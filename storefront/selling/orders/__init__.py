"""The shop's orders: the list, one order, and what a seller may do with it."""
