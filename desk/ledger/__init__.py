"""The ledger explorer: accounts, transfers, the story of a trade or a hold, and the payments that need a person. Never writes the book."""
