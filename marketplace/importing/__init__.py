"""Importing: a seller's table (CSV, CSV.gz, XLSX) becomes listings, and listings become a table again.

Owns Import (file, columns, progress), its problems row by row, and the picture addresses that are still to be fetched. Works
in chunks: what a chunk wrote and how far it came are one transaction, so a killed run goes on where it was. Never writes a
listing itself: it calls the bulk verbs of listings, prices and stock. Announces nothing of its own.
"""
