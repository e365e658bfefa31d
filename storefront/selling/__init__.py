"""The pages of those who sell: one room a subject."""
