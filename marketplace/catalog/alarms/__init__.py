"""Alarms: a shop hears when something runs low, once each time it does.

Owns StockAlarm and what Variant says about being low (`low_at`, `low_since`). Never counts units: it hears of them from
`stock`. Announces nothing but its notices.
"""
