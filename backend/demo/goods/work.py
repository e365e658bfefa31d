"""Packaging, tools, bikes, garden."""

from backend.demo.goods.shape import Choice, Thing

BOTH, PICKUP = ("parcel", "pickup"), ("pickup",)

THINGS = (
    Thing("packaging", "nordkarton", "Shipping cartons 40 × 30 × 30, bundle of 50", "Double wall, 100 % recycled, holds 30 kg. Delivered flat.", 3300, "new", ("pallet", 0), {"material": "Corrugated board", "length": 400, "width": 300, "pack": 50}, stock=900, photos=3, breaks=((2, 3100), (10, 2800), (50, 2400))),
    Thing("packaging", "nordkarton", "Book mailers with a tear strip, bundle of 100", "Close themselves, open themselves, go back in the paper bin.", 4200, "new", ("pallet", 1), {"material": "Corrugated board", "length": 302, "width": 215, "pack": 100}, stock=640, breaks=((5, 3900), (20, 3500))),
    Thing("packaging", "nordkarton", "Pallet of moving boxes, 240 pieces", "One pallet, wrapped, with lift-truck access. Two handles, printed fields for the room.", 31200, "new", ("pallet", 2), {"material": "Corrugated board", "length": 600, "width": 330, "pack": 240}, stock=36, breaks=((3, 29400), (10, 26900)), hand_overs=BOTH),
    Thing("packaging", "nordkarton", "Paper wool, 10 kg", "Instead of plastic peanuts. Dust-free, compostable.", 2650, "new", ("pallet", 3), {"material": "Paper", "pack": 1}, stock=210, breaks=((4, 2400), (12, 2100)), minimum=2),
    Thing("packaging", "nordkarton", "Wine shippers for six, bundle of 20", "Tested for parcel services, inner collars included.", 5400, "new", ("pallet", 1), {"material": "Corrugated board", "pack": 20}, stock=150, breaks=((5, 4900),), special=(4900, 18)),
    Thing("packaging", "petra", "Moving boxes, used once, 25 pieces", "Folded flat in the hallway, waiting for your move.", 1500, "good", ("pallet", 3), {"material": "Corrugated board", "pack": 25}, hand_overs=PICKUP),
    Thing("tools", "holzwurm", "Toolbox with forty hand tools", "What our apprentices get on their first day. Chrome vanadium, replacement for life.", 15900, "new", ("toolbox", 0), {"drive": "hand", "works": True}, stock=25, photos=3, breaks=((5, 14900), (15, 13500))),
    Thing("tools", "yusuf", "Toolbox of a retired plumber", "Heavy, greasy, complete. He says hello.", 6500, "good", ("toolbox", 1), {"drive": "hand", "works": True}, hand_overs=BOTH),
    Thing("tools", "jonas", "Cantilever toolbox, empty, blue", "Five trays, hinges oiled. Some paint is gone where the hand goes.", 2800, "good", ("toolbox", 2), {"drive": "hand"}),
    Thing("tools", "nordkarton", "Strapping kit for cartons", "Tensioner, sealer, 300 m of polyester strap, 1,000 seals. In a toolbox that survives the yard.", 8900, "new", ("toolbox", 3), {"drive": "hand", "works": True}, stock=48, breaks=((4, 8300), (10, 7700))),
    Thing("tools", "theo", "Small toolbox for a bicycle shop", "Metric only, no rust, foam cut to shape by me.", 5200, "very_good", ("toolbox", 0), {"drive": "hand", "works": True}),
    Thing("tools", "petra", "Toolbox, lock broken, contents fine", "The lock was broken by me, without the key. Everything inside works.", 1900, "fair", ("toolbox", 3), {"drive": "hand", "works": True}),
    Thing("bikes", "velo-rhone", "Steel road bike, 54 cm, new tyres", "Checked by our mechanics, new cables, chain and tyres. Six-month guarantee.", 26500, "good", ("bicycle", 0), {"type": "road", "frame": 54, "wheel": 28, "gears": 12, "colour": "red"}, photos=3, hand_overs=BOTH),
    Thing("bikes", "velo-rhone", "City bike, seven gears, dynamo light", "Hub gear, chain case, a basket on request. We assemble it before you come.", 34900, "like_new", ("bicycle", 1), {"type": "city", "frame": 52, "wheel": 28, "gears": 7, "colour": "green"}, stock=5, photos=3, hand_overs=BOTH),
    Thing("bikes", "lin", "二手城市自行车，刹车新换", "骑了两年上下班，刹车皮和内胎都是新的，送车锁。里昂自提试骑。", 8500, "good", ("bicycle", 2), {"type": "city", "frame": 50, "wheel": 26, "gears": 6, "colour": "blue"}, language="zh-hans", hand_overs=PICKUP),
    Thing("bikes", "theo", "Single-speed, orange, 56 cm", "Nothing to adjust, nothing to break. Rear brake is new.", 14500, "very_good", ("bicycle", 3), {"type": "city", "frame": 56, "wheel": 28, "gears": 1, "colour": "orange"}, hand_overs=PICKUP),
    Thing("bikes", "velo-rhone", "Child's bike, 20 inch", "Comes back from children in this state, leaves us in a better one.", 9900, "good", ("bicycle", 1), {"type": "child", "wheel": 20, "gears": 3}, stock=4, hand_overs=BOTH),
    Thing("bikes", "yusuf", "Road bike frame, no wheels", "Straight, light, 57 cm. Bottom bracket turns like glass.", 6000, "for_parts", ("bicycle", 2), {"type": "road", "frame": 57}),
    Thing("garden", "green-thumb", "Watering can, 9 litres, galvanised", "Balanced so that it pours the last drop where you want it. Brass rose.", 3900, "new", ("watering", 0), {"material": "Galvanised steel", "height": 38}, stock=85, photos=3, breaks=((6, 3500), (24, 3100))),
    Thing("garden", "green-thumb", "Indoor watering can, long spout", "For the pot at the back of the shelf. 1.2 litres.", 1800, "new", ("watering", 1), {"material": "Steel", "height": 24}, stock=140, choices=(Choice({"Colour": "Moss"}, 70), Choice({"Colour": "Clay"}, 70)), special=(1500, 8)),
    Thing("garden", "petra", "Zinc watering can, my grandmother's", "Dented, tight, patient. Holds ten litres.", 2200, "fair", ("watering", 2), {"material": "Zinc"}),
    Thing("garden", "ana", "Enamel watering can, never outdoors", "Stood on a window sill and looked good.", 2700, "like_new", ("watering", 3), {"material": "Enamel", "height": 30}),
    Thing("garden", "jonas", "Two watering cans, children's size", "One for each hand, says my son, and each other's feet.", 900, "good", ("watering", 1), {"material": "Steel", "height": 16}),
    Thing("garden", "velo-rhone", "Planter made from a cargo-bike box", "A bike that ended, a garden that began. Drain holes, oiled plywood.", 5900, "good", ("watering", 0), {"material": "Plywood", "width": 80, "height": 45}, hand_overs=PICKUP),
)  # fmt: skip
