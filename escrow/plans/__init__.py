"""Payment plans: a price paid in several parts, each its own payment and its own held money.

Owns what was agreed (parts, dates, what happens when one is late), who pays which part when, reminders, and what silence does.
A part's money lives in a hold, and the hold's clocks decide about it; this room only opens it, lets it follow the goods, and
ends the plan as a whole.
Announces parts paid, reminders, and the end of a plan. Never says what the parts are for.
"""
