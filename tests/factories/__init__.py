"""Things that tests need in the world, made through the real operations where there are any."""
