"""The yardstick's settings: a Django of nothing but one view with one SELECT, in a process of its own. The market never serves it."""

from backend.settings import *  # noqa: F403

ROOT_URLCONF = "backend.bench.floor_view"
globals().update(INSTALLED_APPS=[], MIDDLEWARE=[])
