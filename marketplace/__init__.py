"""What is sold, agreed, delivered, and praised."""
