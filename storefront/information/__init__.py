"""The pages that explain: how held payment works, fees, help, terms. Owns no data; announces nothing."""
