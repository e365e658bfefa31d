"""Carriers: one small port (`base`), one adapter per carrier, one registry. The sandbox carrier plays a journey by itself."""
