"""The things: one function a kind, drawn front on in a 600 × 600 field with the floor's contact line at y = 490.

Each takes the dice of its picture and two colours, and answers an SVG fragment.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from backend.demo.pictures.things import electric, homely, outdoors, workshop, worn

Thing = Callable[[Random, str, str], str]

THINGS: dict[str, Thing] = {
    "chair": homely.chair,
    "sofa": homely.sofa,
    "lamp": homely.lamp,
    "plant": homely.plant,
    "vases": homely.vases,
    "books": homely.books,
    "sneakers": worn.sneakers,
    "jacket": worn.jacket,
    "watch": worn.watch,
    "camera": electric.camera,
    "phone": electric.phone,
    "console": electric.console,
    "espresso": electric.espresso,
    "bicycle": outdoors.bicycle,
    "guitar": outdoors.guitar,
    "pallet": outdoors.pallet,
    "train": workshop.train,
    "toolbox": workshop.toolbox,
    "watering": workshop.watering,
    "laptop": workshop.laptop,
    "tea": workshop.tea,
}
