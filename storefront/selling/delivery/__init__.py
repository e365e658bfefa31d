"""How the shop hands things over: delivery methods and pickup places."""
