"""A shop's papers: invoices and credit notes, and its statements month by month."""
