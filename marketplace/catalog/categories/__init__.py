"""The category tree: names by language, attributes inherited from parents, inspection days.

Owns Category and AttributeDefinition, and the rule that makes an answer fit its attribute.
Never knows a listing.
"""
