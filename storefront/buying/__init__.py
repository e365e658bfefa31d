"""Pages of buying: basket, checkout, orders. Each view translates a form into one operation and its answer into a page."""
