"""Pages on which a shop brings a table of goods in, and takes one out."""
