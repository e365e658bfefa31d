"""What is for sale in the demo market: about 300 things over the 20 categories, in English and Chinese."""

from backend.demo.goods import electronics, fashion, hobbies, home, series, work
from backend.demo.goods.shape import Choice, Thing

THINGS: tuple[Thing, ...] = (*home.THINGS, *fashion.THINGS, *electronics.THINGS, *hobbies.THINGS, *work.THINGS)
SERIES: tuple[Thing, ...] = series.THINGS

__all__ = ["SERIES", "THINGS", "Choice", "Thing"]
