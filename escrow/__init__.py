"""Where money waits, moves, and is judged. Can be read without the word order."""
