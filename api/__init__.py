"""The door for machines: REST under /api/ and the webhooks of providers."""
