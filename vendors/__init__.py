"""Who sells: individuals and businesses, their members and their policies."""
