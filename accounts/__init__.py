"""Who you are: people, their addresses, and the ways they sign in."""
