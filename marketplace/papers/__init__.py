"""Papers: invoices and credit notes, numbered without gaps, and the sheets that they are printed on.

Owns Paper and the series of each issuer; a paper is written once and never changes, a credit note corrects it. Never moves money:
what was given back is read from the hold's parts. Announces nothing.
"""
