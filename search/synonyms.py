"""A small list of words that mean the same thing on a market. Pure data; grows by evidence, not by ambition."""

from __future__ import annotations

# Regional Chinese words, folded to one form both when indexing and when asking (after Traditional → Simplified).
REGIONAL = {
    "滑鼠": "鼠标",
    "软体": "软件",
    "硬体": "硬件",
    "萤幕": "屏幕",
    "荧幕": "屏幕",
    "笔电": "笔记本",
    "行动电话": "手机",
    "脚踏车": "自行车",
    "单车": "自行车",
    "机车": "摩托车",
    "冷气": "空调",
    "数位": "数码",
    "印表机": "打印机",
    "耳麦": "耳机",
    "随身碟": "u盘",
    "公仔": "玩偶",
}

# Groups of equal words, asked for with a small weight beside the word itself. Two-character Chinese words are one token, so they may join.
GROUPS: tuple[tuple[str, ...], ...] = (
    ("sofa", "couch", "settee", "沙发"),
    ("sneaker", "trainer", "球鞋"),
    ("bike", "bicycle", "单车"),
    ("phone", "smartphone", "cellphone", "mobile", "手机"),
    ("laptop", "notebook", "电脑"),
    ("tv", "television", "telly", "电视"),
    ("jumper", "sweater", "pullover", "毛衣"),
    ("fridge", "refrigerator", "冰箱"),
    ("trousers", "pants"),
    ("headphones", "earphones", "headset", "耳机"),
    ("camera", "相机"),
    ("lamp", "台灯"),
    ("watch", "wristwatch", "手表"),
    ("chair", "armchair", "椅子"),
    ("guitar", "吉他"),
    ("book", "旧书"),
    ("vase", "花瓶"),
    ("plant", "植物"),
    ("jacket", "coat", "外套"),
    ("shoe", "鞋子"),
    ("carpet", "rug", "地毯"),
    ("pram", "stroller", "pushchair"),
    ("torch", "flashlight"),
    ("hoover", "vacuum"),
    ("mobile", "cell"),
    ("vintage", "retro", "复古"),
    ("toy", "玩具"),
    ("table", "桌子"),
)
