"""Words and marks that templates need: amounts, times, icons, form fields."""
