"""What payment providers tell us: each view verifies, then makes one call."""
