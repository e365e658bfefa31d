"""Who is told what, and who talks to whom. Carries words, never composes them."""
