"""Clothing, shoes, watches."""

from backend.demo.goods.shape import Choice, Thing

BOTH = ("parcel", "pickup")

THINGS = (
    Thing("clothing", "ana", "Denim work jacket, corduroy collar, M", "Washed soft, no holes. The second button from the top is a replacement.", 3200, "very_good", ("jacket", 0), {"for": "all", "size": "m", "material": "Cotton", "colour": "blue"}),
    Thing("clothing", "yusuf", "Suede jacket, rust, L", "Bought too big on a windy day. Worn five times, brushed, smells of nothing.", 7800, "like_new", ("jacket", 1), {"for": "men", "size": "l", "material": "Suede", "colour": "brown"}),
    Thing("clothing", "fil-bleu", "Chore jacket, organic cotton", "Cut and sewn in Marseille. Three patch pockets, horn buttons, washes at 40 °C.", 8900, "new", ("jacket", 2), {"for": "all", "material": "Organic cotton", "colour": "green"}, stock=60, photos=3, choices=(Choice({"Size": "S"}, 14), Choice({"Size": "M"}, 22), Choice({"Size": "L"}, 18), Choice({"Size": "XL"}, 6))),
    Thing("clothing", "fil-bleu", "Boiled-wool jacket, plum", "Warm without a lining. The wool comes from a mill in Mazamet that has made it since 1951.", 13900, "new", ("jacket", 3), {"for": "women", "material": "Wool", "colour": "purple"}, stock=21, choices=(Choice({"Size": "S"}, 6), Choice({"Size": "M"}, 9), Choice({"Size": "L"}, 6)), special=(11500, 15)),
    Thing("clothing", "petra", "Children's rain jacket, 128", "Two autumns, one child. The reflective strip still reflects.", 1400, "good", ("jacket", 0), {"for": "children", "material": "Recycled polyester"}),
    Thing("clothing", "lin", "灯芯绒外套，M码", "去年秋天买的，穿了三四次。洗过，平铺测量肩宽42，衣长66。", 2600, "like_new", ("jacket", 3), {"for": "women", "size": "m", "material": "棉"}, language="zh-hans", hand_overs=BOTH),
    Thing("shoes", "theo", "Court sneakers, EU 42, worn twice", "Half a size too small for me. White soles still white.", 3600, "like_new", ("sneakers", 0), {"size-eu": 42, "material": "Leather", "colour": "white"}),
    Thing("shoes", "fil-bleu", "Canvas sneakers, vulcanised", "Natural rubber, cotton laces. They run half a size large.", 5400, "new", ("sneakers", 1), {"size-eu": 40, "material": "Canvas", "colour": "blue"}, stock=48, photos=3, choices=(Choice({"EU size": "38"}, 10), Choice({"EU size": "40"}, 14), Choice({"EU size": "42"}, 14), Choice({"EU size": "44"}, 10))),
    Thing("shoes", "yusuf", "Trail runners, EU 44, 120 km", "Still grip in mud. Insoles are new.", 2900, "good", ("sneakers", 3), {"size-eu": 44, "material": "Mesh"}),
    Thing("shoes", "ana", "Sun-yellow sneakers, EU 39", "Bought in a brave moment. Never outside.", 4200, "new", ("sneakers", 2), {"size-eu": 39, "material": "Suede", "colour": "yellow"}),
    Thing("shoes", "jonas", "Basketball shoes, 1990s, EU 45", "A collector's pair: glue has yellowed, soles are hard. For the shelf, not the court.", 6500, "fair", ("sneakers", 3), {"size-eu": 45, "material": "Leather"}),
    Thing("shoes", "lin", "帆布鞋 37码，全新", "尺码买小了，鞋盒还在，没有下过地。", 2200, "new", ("sneakers", 2), {"size-eu": 37, "material": "帆布"}, language="zh-hans"),
    Thing("watches", "jonas", "Hand-wound watch, 34 mm, 1968", "Runs eight seconds fast a day. Serviced in 2024, receipt included. The glass has a hairline at four o'clock.", 12000, "good", ("watch", 0), {"movement": "hand", "diameter": 34, "year": 1968}),
    Thing("watches", "theo", "Diver's watch, automatic, blue dial", "Two owners, box and papers. I measured it with a cheap timegrapher: +4 s a day.", 38500, "very_good", ("watch", 1), {"movement": "automatic", "diameter": 40, "year": 2016}, photos=3),
    Thing("watches", "petra", "Gold-tone dress watch, quartz", "My grandmother's Sunday watch. New battery, new strap.", 4900, "very_good", ("watch", 2), {"movement": "quartz", "diameter": 30}),
    Thing("watches", "circuit-doux", "Field watch, quartz, refurbished", "New gasket, pressure-tested to 5 bar, new strap. One-year guarantee.", 5900, "like_new", ("watch", 3), {"movement": "quartz", "diameter": 38}, stock=11, breaks=((5, 5400),)),
    Thing("watches", "yusuf", "Movement and case, for parts", "It ticks when it likes. Dial is clean, crown is missing.", 2500, "for_parts", ("watch", 0), {"movement": "hand", "diameter": 35}),
    Thing("watches", "ana", "Nurse's pocket watch, hand-wound", "Swiss movement, enamel dial without cracks, chain included.", 7200, "very_good", ("watch", 2), {"movement": "hand", "diameter": 44, "year": 1955}),
)  # fmt: skip
