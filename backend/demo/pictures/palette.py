"""Rooms, and for each kind of thing four looks: (room, main colour, second colour)."""

ROOMS = {  # wall, niche, floor
    "peach": ("#f4d3bd", "#fae4d5", "#e6b596"), "sage": ("#cddac3", "#dfe8d8", "#afc2a1"), "sky": ("#c3dbe9", "#daeaf3", "#a0c3d8"),
    "lilac": ("#d6ceeb", "#e5dff4", "#bcb0dc"), "butter": ("#f5e0a3", "#faecc4", "#e6c872"), "rose": ("#f2c6c8", "#f8dddd", "#e2a4a8"),
    "mint": ("#bcded1", "#d5ede4", "#96c8b5"), "sand": ("#e7dac7", "#f1e9dd", "#d2bfa3"), "night": ("#3b4365", "#4b5479", "#2c3350"),
    "clay": ("#b0593f", "#c27058", "#934631"), "pine": ("#2f5c4e", "#3d7161", "#23483c"), "plum": ("#5d3a5f", "#724b74", "#48294a"),
}
LOOKS = {  # category: (room, main colour, second colour), one of them by seed
    "chair": [("peach", "#2f6f62", "#8a5a33"), ("sky", "#d9773f", "#7a4b2a"), ("pine", "#e9b44c", "#c98d58"), ("lilac", "#c2484f", "#6f4528")],
    "sofa": [("sage", "#c65f43", "#7a4b2a"), ("butter", "#3e5c94", "#7a4b2a"), ("rose", "#2f6f62", "#8a5a33"), ("night", "#d98e9a", "#c98d58")],
    "lamp": [("clay", "#f3d27a", "#f6e8d2"), ("night", "#ef8f5a", "#f1dcc0"), ("sage", "#e8b23a", "#59606e"), ("plum", "#f0b6a0", "#f3ddd0")],
    "bicycle": [("sky", "#d4483b", "#8a5a33"), ("butter", "#1f6f78", "#6f4528"), ("rose", "#34508f", "#8a5a33"), ("mint", "#e08a2c", "#6f4528")],
    "camera": [("butter", "#2e3140", "#d5d3cf"), ("mint", "#6a3d2a", "#d9d4c8"), ("peach", "#23473f", "#d8d2c4"), ("lilac", "#34374a", "#c9c7cf")],
    "phone": [("lilac", "#3c3f63", "#f2a65a"), ("mint", "#2b4a52", "#f7d488"), ("peach", "#4b3350", "#ef7f6b"), ("night", "#c9cede", "#8fb8de")],
    "sneakers": [("mint", "#f4f0e6", "#e0603f"), ("sand", "#3f6fb0", "#f2c14e"), ("sky", "#f1c84b", "#2f3a5a"), ("lilac", "#e98a8f", "#3b3558")],
    "jacket": [("sand", "#3f5f86", "#c98d58"), ("sage", "#b5633a", "#4a2f24"), ("rose", "#4d6b4f", "#d8b26a"), ("butter", "#70405f", "#d9a87c")],
    "books": [("night", "#e8a04c", "#d4575b"), ("rose", "#2f6f7a", "#efc667"), ("sage", "#c65f43", "#34507f"), ("peach", "#5b4a86", "#e2a33f")],
    "plant": [("peach", "#3f8f68", "#c8684a"), ("rose", "#2f7d5d", "#f0e4d2"), ("night", "#5fae82", "#e5a15f"), ("sand", "#4b8a54", "#5a6ea6")],
    "guitar": [("pine", "#e0a458", "#6b3c22"), ("sky", "#c8743c", "#4f2d1c"), ("plum", "#e8b873", "#7c4526"), ("sand", "#9f4a34", "#3a2219")],
    "watch": [("clay", "#f4ead8", "#3b2a26"), ("sage", "#2c4a6e", "#7a4b2a"), ("night", "#f0d9a8", "#b9653c"), ("rose", "#f7f3ea", "#4a4f63")],
    "pallet": [("sky", "#cf9c63", "#2f5fae"), ("sand", "#c79259", "#c2484f"), ("mint", "#d3a46d", "#2f6f62"), ("lilac", "#cb985f", "#e08a2c")],
    "espresso": [("rose", "#d8d9de", "#3a2c2a"), ("sand", "#c2484f", "#3a2c2a"), ("mint", "#f2e9d8", "#6b3c22"), ("peach", "#3f7f86", "#4a3026")],
    "console": [("butter", "#7a6fc4", "#e0603f"), ("sky", "#f0ece0", "#d4575b"), ("peach", "#3f9a8c", "#f2c14e"), ("plum", "#e9c46a", "#d4575b")],
    "vases": [("lilac", "#e59a6f", "#5f7fae"), ("pine", "#f0e2cc", "#e0a04a"), ("sky", "#d9604a", "#f1e6d4"), ("clay", "#f2dcc2", "#3f6f73")],
    "laptop": [("butter", "#8d93a8", "#5b6fb5"), ("mint", "#3d4258", "#e59a6f"), ("plum", "#d9d6e2", "#7a6fc4"), ("peach", "#5c6478", "#3f9a8c")],
    "train": [("sky", "#c2484f", "#e0a458"), ("sage", "#3e5c94", "#d9a05b"), ("rose", "#2f6f62", "#cf9c63"), ("night", "#e0a04a", "#b9653c")],
    "toolbox": [("sand", "#c2484f", "#e9b44c"), ("sky", "#3b6ea5", "#d9a566"), ("mint", "#e08a2c", "#5a3a2a"), ("pine", "#d9604a", "#e8c872")],
    "watering": [("peach", "#8fa3a8", "#c68a3c"), ("rose", "#4d7a55", "#d8a24a"), ("lilac", "#a7adb3", "#7a4b2a"), ("clay", "#f0e6d2", "#3f6f73")],
    "tea": [("rose", "#f3eee2", "#3f6f5a"), ("night", "#e9efe6", "#c98d58"), ("clay", "#f4ead8", "#3b4f47"), ("sage", "#f6f1e6", "#b5633a")],
}
SCALE = {"chair": 1.22, "guitar": 0.98, "bicycle": 0.94, "sofa": 1.06, "lamp": 1.14, "books": 1.14, "jacket": 1.12, "watch": 1.04, "console": 0.98, "phone": 1.06, "pallet": 1.1}
FLAT = {"phone", "jacket", "watch", "console"}  # hung on the wall or laid flat: shadow behind, no floor
SHADOW = {"lamp": 150, "plant": 130, "guitar": 150, "chair": 250, "sneakers": 260, "camera": 260, "vases": 210, "books": 190, "espresso": 200, "tea": 220, "watering": 230}  # half width of the soft shadow; 250 for the rest
