"""Colours: the rooms that things stand in, and four looks of every thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Room:
    """Wall, niche and floor. Eight pastels and four deep ones, so that a wall of pictures has rhythm."""

    wall: str
    niche: str
    floor: str


ROOMS = {
    "peach": Room("#f4d3bd", "#fae4d5", "#e6b596"),
    "sage": Room("#cddac3", "#dfe8d8", "#afc2a1"),
    "sky": Room("#c3dbe9", "#daeaf3", "#a0c3d8"),
    "lilac": Room("#d6ceeb", "#e5dff4", "#bcb0dc"),
    "butter": Room("#f5e0a3", "#faecc4", "#e6c872"),
    "rose": Room("#f2c6c8", "#f8dddd", "#e2a4a8"),
    "mint": Room("#bcded1", "#d5ede4", "#96c8b5"),
    "sand": Room("#e7dac7", "#f1e9dd", "#d2bfa3"),
    "night": Room("#3b4365", "#4b5479", "#2c3350"),
    "clay": Room("#b0593f", "#c27058", "#934631"),
    "pine": Room("#2f5c4e", "#3d7161", "#23483c"),
    "plum": Room("#5d3a5f", "#724b74", "#48294a"),
}

# kind: four times (room, main colour, second colour). Object and room differ in hue or clearly in lightness.
LOOKS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "chair": (
        ("peach", "#2f6f62", "#8a5a33"),
        ("sky", "#d9773f", "#7a4b2a"),
        ("pine", "#e9b44c", "#c98d58"),
        ("lilac", "#c2484f", "#6f4528"),
    ),
    "sofa": (
        ("sage", "#c65f43", "#7a4b2a"),
        ("butter", "#3e5c94", "#7a4b2a"),
        ("rose", "#2f6f62", "#8a5a33"),
        ("night", "#d98e9a", "#c98d58"),
    ),
    "lamp": (
        ("clay", "#f3d27a", "#f6e8d2"),
        ("night", "#ef8f5a", "#f1dcc0"),
        ("sage", "#e8b23a", "#59606e"),
        ("plum", "#f0b6a0", "#f3ddd0"),
    ),
    "bicycle": (
        ("sky", "#d4483b", "#8a5a33"),
        ("butter", "#1f6f78", "#6f4528"),
        ("rose", "#34508f", "#8a5a33"),
        ("mint", "#e08a2c", "#6f4528"),
    ),
    "camera": (
        ("butter", "#2e3140", "#d5d3cf"),
        ("mint", "#6a3d2a", "#d9d4c8"),
        ("peach", "#23473f", "#d8d2c4"),
        ("lilac", "#34374a", "#c9c7cf"),
    ),
    "phone": (
        ("lilac", "#3c3f63", "#f2a65a"),
        ("mint", "#2b4a52", "#f7d488"),
        ("peach", "#4b3350", "#ef7f6b"),
        ("night", "#c9cede", "#8fb8de"),
    ),
    "sneakers": (
        ("mint", "#f4f0e6", "#e0603f"),
        ("sand", "#3f6fb0", "#f2c14e"),
        ("sky", "#f1c84b", "#2f3a5a"),
        ("lilac", "#e98a8f", "#3b3558"),
    ),
    "jacket": (
        ("sand", "#3f5f86", "#c98d58"),
        ("sage", "#b5633a", "#4a2f24"),
        ("rose", "#4d6b4f", "#d8b26a"),
        ("butter", "#70405f", "#d9a87c"),
    ),
    "books": (
        ("night", "#e8a04c", "#d4575b"),
        ("rose", "#2f6f7a", "#efc667"),
        ("sage", "#c65f43", "#34507f"),
        ("peach", "#5b4a86", "#e2a33f"),
    ),
    "plant": (
        ("peach", "#3f8f68", "#c8684a"),
        ("rose", "#2f7d5d", "#f0e4d2"),
        ("night", "#5fae82", "#e5a15f"),
        ("sand", "#4b8a54", "#5a6ea6"),
    ),
    "guitar": (
        ("pine", "#e0a458", "#6b3c22"),
        ("sky", "#c8743c", "#4f2d1c"),
        ("plum", "#e8b873", "#7c4526"),
        ("sand", "#9f4a34", "#3a2219"),
    ),
    "watch": (
        ("clay", "#f4ead8", "#3b2a26"),
        ("sage", "#2c4a6e", "#7a4b2a"),
        ("night", "#f0d9a8", "#b9653c"),
        ("rose", "#f7f3ea", "#4a4f63"),
    ),
    "pallet": (
        ("sky", "#cf9c63", "#2f5fae"),
        ("sand", "#c79259", "#c2484f"),
        ("mint", "#d3a46d", "#2f6f62"),
        ("lilac", "#cb985f", "#e08a2c"),
    ),
    "espresso": (
        ("rose", "#d8d9de", "#3a2c2a"),
        ("sand", "#c2484f", "#3a2c2a"),
        ("mint", "#f2e9d8", "#6b3c22"),
        ("peach", "#3f7f86", "#4a3026"),
    ),
    "console": (
        ("butter", "#7a6fc4", "#e0603f"),
        ("sky", "#f0ece0", "#d4575b"),
        ("peach", "#3f9a8c", "#f2c14e"),
        ("plum", "#e9c46a", "#d4575b"),
    ),
    "vases": (
        ("lilac", "#e59a6f", "#5f7fae"),
        ("pine", "#f0e2cc", "#e0a04a"),
        ("sky", "#d9604a", "#f1e6d4"),
        ("clay", "#f2dcc2", "#3f6f73"),
    ),
    "train": (
        ("mint", "#d4483b", "#3f6fb0"),
        ("butter", "#2f6f7a", "#d4573f"),
        ("night", "#e8a93a", "#d4575b"),
        ("peach", "#3f5c94", "#c2484f"),
    ),
    "toolbox": (
        ("sand", "#c2484f", "#cf9c63"),
        ("sky", "#d9773f", "#c79259"),
        ("butter", "#34508f", "#b98650"),
        ("pine", "#e2a33f", "#cf9c63"),
    ),
    "watering": (
        ("peach", "#8fa3b5", "#b9653c"),
        ("sage", "#d9604a", "#8a5a33"),
        ("plum", "#c9cede", "#d9a35c"),
        ("butter", "#3e6fa0", "#f0e4d2"),
    ),
    "laptop": (
        ("lilac", "#4a4d5e", "#f2a65a"),
        ("mint", "#d8d9de", "#5aa0c8"),
        ("peach", "#3c3f52", "#7a5fd0"),
        ("clay", "#e3dccf", "#8fbf9a"),
    ),
    "tea": (
        ("peach", "#2f6f5a", "#3f6fb0"),
        ("sky", "#c2484f", "#5f7fae"),
        ("pine", "#e9c98a", "#c2603f"),
        ("butter", "#4d3a5f", "#3f8f78"),
    ),
}
