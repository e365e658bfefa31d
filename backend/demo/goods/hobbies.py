"""Books, musical instruments, toys, tea."""

from backend.demo.goods.shape import Choice, Thing

BOTH, PICKUP = ("parcel", "pickup"), ("pickup",)

THINGS = (
    Thing("books", "petra", "Five novels for a long winter", "A mixed stack, all read once, one with tea on page 80.", 1200, "good", ("books", 0), {"binding": "paperback", "pages": 1860}),
    Thing("books", "jonas", "Darkroom handbook, second edition", "Annotated in pencil by somebody who knew what they were doing.", 2400, "very_good", ("books", 1), {"binding": "hardcover", "pages": 412}),
    Thing("books", "ana", "Portuguese cookbooks, lot of four", "In Portuguese. The fish one has been used near fish.", 1800, "good", ("books", 2), {"binding": "hardcover"}),
    Thing("books", "lin", "考研英语全套，少量笔迹", "一战上岸，祝你也是。共六本，铅笔笔迹可擦。", 1500, "good", ("books", 3), {"binding": "paperback"}, language="zh-hans", hand_overs=BOTH),
    Thing("books", "theo", "Atlas of harbours, large format", "Forty charts, unfolded twice. 42 cm tall, ships flat.", 3900, "like_new", ("books", 1), {"binding": "hardcover", "pages": 168}),
    Thing("books", "nordkarton", "Notebooks, recycled paper, carton of 40", "Dotted, 96 sheets, lies flat. Overprint of your logo from 200 on request.", 9600, "new", ("books", 0), {"binding": "paperback", "pages": 192}, stock=80, breaks=((3, 9000), (10, 8200))),
    Thing("music", "old-strings", "Parlour guitar, spruce top, hard case", "Neck reset in our workshop, new frets, action 2.2 mm at the twelfth. Plays like butter.", 26500, "very_good", ("guitar", 0), {"family": "strings", "year": 1931, "case": True}, photos=3),
    Thing("music", "old-strings", "Classical guitar for a student, 7/8", "Solid cedar top, set up by us. Soft bag included; we take it back in part exchange for a full size.", 18900, "like_new", ("guitar", 1), {"family": "strings", "case": True}, stock=3, photos=3),
    Thing("music", "theo", "Steel-string guitar with a crack, stable", "The crack was glued in 2019 and has not moved. Loud and honest.", 11000, "fair", ("guitar", 3), {"family": "strings", "case": False}, hand_overs=BOTH),
    Thing("music", "old-strings", "Small-body guitar, plum sunburst", "Short scale for short arms. Two-year guarantee on the neck.", 32900, "new", ("guitar", 2), {"family": "strings", "case": True}, stock=2, special=(29900, 25)),
    Thing("music", "yusuf", "First guitar, with everything", "Tuner, strap, three plectra, a book with one song learnt.", 6900, "good", ("guitar", 1), {"family": "strings", "case": True}),
    Thing("music", "ana", "Guitar body and neck, unfinished project", "All wood, no hardware. Somebody patient, please.", 4500, "for_parts", ("guitar", 3), {"family": "strings", "case": False}),
    Thing("toys", "petra", "Wooden train, thirty pieces", "Beech, two bridges, all magnets hold. Compatible with the usual tracks.", 2600, "very_good", ("train", 0), {"age": 3, "pieces": 30, "complete": True}),
    Thing("toys", "holzwurm", "Wooden train set, oiled beech", "Made in our workshop in the Ore Mountains, coloured with milk paint. Meets EN 71.", 4800, "new", ("train", 1), {"age": 3, "pieces": 24, "complete": True}, stock=70, photos=3, breaks=((5, 4400), (20, 3900))),
    Thing("toys", "holzwurm", "Little engine with two wagons", "A birthday present that lasts. Engraving of a name included: write it in the note.", 2400, "new", ("train", 2), {"age": 2, "pieces": 3, "complete": True}, stock=90, choices=(Choice({"Colour": "Berry"}, 40), Choice({"Colour": "Sea"}, 50))),
    Thing("toys", "yusuf", "Train with two wheels missing", "My daughter calls it the boat now. New wheels cost little.", 700, "fair", ("train", 3), {"age": 3, "complete": False}),
    Thing("toys", "lin", "木制小火车，九成新", "孩子大了，消过毒。轨道和两座桥都在。", 1900, "very_good", ("train", 2), {"age": 3, "pieces": 26, "complete": True}, language="zh-hans", hand_overs=BOTH),
    Thing("toys", "ana", "Painted train from the flea market", "Old, heavy, charming. For the shelf: the paint may be older than the rules.", 3300, "good", ("train", 3), {"age": 14, "pieces": 4}),
    Thing("tea", "qingming", "明前龙井，2026年春茶，100克", "狮峰山手炒，豆香清甜。铝罐密封，冷链发出。", 16800, "new", ("tea", 0), {"kind": "green", "origin": "杭州狮峰", "harvest": 2026, "weight": 100}, stock=60, photos=3, breaks=((5, 15800), (10, 14800)), language="zh-hans"),
    Thing("tea", "qingming", "福鼎白毫银针，50克", "荒野老丛，日晒萎凋。可存放，越陈越醇。", 12800, "new", ("tea", 1), {"kind": "white", "origin": "福鼎", "harvest": 2026, "weight": 50}, stock=45, language="zh-hans"),
    Thing("tea", "qingming", "Phoenix oolong, honey orchid, 100 g", "Charcoal roasted twice. Opens at the third infusion and does not close before the ninth.", 19800, "new", ("tea", 2), {"kind": "oolong", "origin": "Chaozhou", "harvest": 2026, "weight": 100}, stock=38, photos=3, special=(17800, 14)),
    Thing("tea", "mei", "Gaiwan and two cups, travel set", "Fits a coat pocket in its padded case. Celadon outside, white inside.", 2600, "new", ("tea", 3), {"kind": "green"}, stock=55, breaks=((10, 2300),)),
    Thing("tea", "yusuf", "Mint and gunpowder, 500 g", "My uncle's blend, enough for a wedding or a quiet year.", 1100, "new", ("tea", 0), {"kind": "green", "weight": 500}, stock=12),
    Thing("tea", "qingming", "熟普洱茶饼，2018年，357克", "勐海原料，仓储干净，汤红味厚。", 23800, "new", ("tea", 3), {"kind": "dark", "origin": "勐海", "harvest": 2018, "weight": 357}, stock=24, language="zh-hans"),
)  # fmt: skip
