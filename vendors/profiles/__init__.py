"""Profiles: one row per vendor, from the first draft to the closed shop, and the checklist that opens it.

Owns who the vendor says it is. Never decides who may act for it (members) nor what it promises (policies).
Announces vendor_opened, vendor_activated, vendor_paused, vendor_changed. Closing a shop for good is still to be built.
"""
