"""The long shelves: what shops sell by the size, the colour and the year. One picture each, a past of a year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.demo.goods.shape import Thing

Row = tuple[str, str, int, dict[str, Any]]  # title, a sentence of its own, price, answers of its own


def series(place: str, kind: str, words: str, rows: Sequence[Row], *, asks: dict[str, Any] | None = None, condition: str = "new", stock: int = 40, looks: Sequence[int] = (0, 1, 2, 3), language: str = "en") -> tuple[Thing, ...]:  # fmt: skip
    """Rows of one series; `place` is "category/shop". The looks take turns."""
    category, shop = place.split("/")
    return tuple(
        Thing(
            category,
            shop,
            title,
            f"{own} {words}".strip() if language == "en" else f"{own}{words}",
            price,
            condition,
            (kind, looks[number % len(looks)]),
            {**(asks or {}), **answers},
            stock=stock,
            photos=1,
            language=language,
        )
        for number, (title, own, price, answers) in enumerate(rows)
    )


THINGS: tuple[Thing, ...] = (
    *series("furniture/studio-aube", "chair", "Made to order in Bordeaux from French wood, oiled, not varnished.", (
        ("Dining chair in oiled ash", "Stacks four high.", 21000, {"height": 81}), ("Dining chair in smoked oak", "The darker sister of our ash chair.", 23500, {"height": 81}),
        ("Bar stool in ash, 65 cm", "For kitchen counters.", 18500, {"height": 65}), ("Bar stool in ash, 75 cm", "For bars.", 19500, {"height": 75}),
        ("Armchair with a woven seat", "Danish cord, woven in two days by one person.", 54000, {"height": 76}), ("Child's chair, grows along", "Two seats and five heights, from three to ten.", 16500, {"height": 62}),
    ), asks={"material": "wood"}, stock=30, looks=(4, 5, 6, 7)),
    *series("furniture/studio-aube", "sofa", "Frame of beech, springs of steel, covers that come off.", (
        ("Daybed with a linen mattress", "A bed for guests by night.", 78000, {"width": 200}), ("Corner sofa, left", "Arrives in four boxes and needs no tools.", 189000, {"width": 260}), ("Footstool to go with any of our sofas", "Room inside for two blankets.", 24000, {"width": 60}),
    ), asks={"material": "fabric"}, stock=24, looks=(4, 5, 6)),
    *series("lighting/studio-aube", "lamp", "Turned and assembled in our workshop. Two-year guarantee.", (
        ("Clamp lamp for shelves", "Holds on boards up to 4 cm.", 6900, {"place": "table"}), ("Wall lamp with a linen cord", "Plug in, hang up, done.", 7900, {"place": "wall"}),
        ("Pendant, spun aluminium, 30 cm", "White inside, any of six colours outside.", 12500, {"place": "ceiling"}), ("Pendant, spun aluminium, 45 cm", "For tables of six and more.", 16900, {"place": "ceiling"}),
        ("Floor lamp on three ash legs", "150 cm, dims with the foot.", 24900, {"place": "floor", "height": 150}), ("Bedside lamp with a touch dimmer", "Three steps of warm light.", 5900, {"place": "table", "height": 28}),
        ("Picture light, brass", "For frames up to 80 cm.", 8400, {"place": "wall"}), ("Porcelain socket lamp", "The simplest lamp we make.", 2900, {"place": "ceiling"}),
    ), asks={"bulb": "E27", "works": True}, looks=(4, 5, 6, 7)),
    *series("kitchen/circuit-doux", "espresso", "Opened, cleaned, measured and run for a day before it leaves us. One-year guarantee.", (
        ("Burr grinder with forty steps", "New burrs.", 9900, {"power": 150}), ("Milk frother, stainless", "For cold and warm foam.", 3400, {"power": 500}),
        ("Two-group espresso machine for a small bar", "Three phases, new boiler seals.", 149000, {"power": 3700}), ("Kettle with a swan's neck", "Holds the degree you set.", 5400, {"power": 1000}),
        ("Drip coffee machine, thermos jug", "Ten cups, hot for four hours.", 4900, {"power": 1000}), ("Stand mixer, five litres", "Gearbox greased, new feet.", 17900, {"power": 800}),
        ("Toaster that can be repaired", "New elements, all four slots.", 8900, {"power": 1600}), ("Portafilter set, 58 mm", "Three baskets and a spout.", 3900, {}),
    ), asks={"works": True}, condition="like_new", stock=30, looks=(4, 5, 6, 7)),
    *series("ceramics/mei", "vases", "柴窑烧制，每一件都不相同。", (
        ("青釉小瓶，12厘米", "插一枝花正好。", 2200, {"height": 12}), ("青釉中瓶，20厘米", "案头尺寸。", 3600, {"height": 20}), ("影青梅瓶，26厘米", "修坯三次，胎薄。", 8800, {"height": 26}),
        ("祭红釉花瓶，24厘米", "高温铜红。", 12800, {"height": 24}), ("粉青茶叶罐，大号", "软木内盖，装二百克。", 4200, {"height": 14}), ("手绘青花碗，四只", "一家人一套。", 5600, {"pieces": 4}),
    ), asks={"origin": "景德镇", "handmade": True}, stock=60, looks=(4, 5, 6, 7), language="zh-hans"),
    *series("ceramics/mei", "tea", "Food safe, dishwasher safe, packed in straw.", (
        ("Dinner plates, 26 cm, box of six", "Celadon on a dark rim.", 9600, {"pieces": 6}), ("Side plates, 18 cm, box of six", "They nest.", 6600, {"pieces": 6}), ("Ramen bowls, box of four", "One litre each.", 7200, {"pieces": 4}),
    ), asks={"origin": "Jingdezhen", "handmade": True}, stock=90, looks=(4, 5, 6)),
    *series("plants/green-thumb", "plant", "Grown in our glasshouse without peat, packed in paper wool.", (
        ("Mint, three kinds in one pot", "Moroccan, apple and chocolate.", 650, {"light": "half", "height": 15}), ("Rosemary, two years old", "Woody and honest.", 850, {"light": "sun", "height": 30}),
        ("Spider plant with its children", "Nothing can harm it.", 1100, {"light": "half", "height": 25}), ("Peace lily for the bathroom", "Likes steam.", 1500, {"light": "shade", "height": 45}),
        ("Rubber plant, 60 cm", "Dark red leaves.", 2400, {"light": "half", "height": 60}), ("Olive tree, four years", "Winters outside in the south.", 3900, {"light": "sun", "height": 90}),
        ("Fern for dark bathrooms", "Never let it dry.", 1200, {"light": "shade", "height": 35}), ("Cactus tray, nine kinds", "None taller than a thumb.", 2100, {"light": "sun", "height": 8}), ("Lemon tree with fruit", "Two lemons at least.", 5400, {"light": "sun", "height": 80}),
    ), asks={"pot": True}, stock=90, looks=(4, 5, 6, 7)),
    *series("clothing/fil-bleu", "jacket", "Cut and sewn in Marseille. Mended for free for ten years.", (
        ("Work trousers, moleskin", "Double knees.", 8900, {"size": "m"}), ("Work trousers, moleskin, large", "Double knees.", 8900, {"size": "l"}), ("Overshirt in linen canvas", "Five pockets.", 9800, {"size": "m"}),
        ("Apron with a cross back", "For kitchens and workshops.", 4500, {"size": "one"}), ("Fisherman's smock", "Woven so tightly that wind gives up.", 11500, {"size": "l"}), ("Winter jacket with a wool lining", "The lining comes out.", 19800, {"size": "m"}),
        ("Winter jacket, wool lining, small", "The lining comes out.", 19800, {"size": "s"}), ("Canvas tote with a flat bottom", "Stands by itself.", 3200, {"size": "one"}), ("Striped jersey, heavy cotton", "Twenty-one white stripes.", 5900, {"size": "m"}),
    ), asks={"for": "all", "material": "Cotton"}, stock=70, looks=(4, 5, 6, 7)),
    *series("shoes/fil-bleu", "sneakers", "Resoled as often as you like at our cost price.", (
        ("Canvas shoes, EU 38", "White, natural rubber.", 6900, {"size-eu": 38}), ("Canvas shoes, EU 40", "White, natural rubber.", 6900, {"size-eu": 40}), ("Canvas shoes, EU 42", "White, natural rubber.", 6900, {"size-eu": 42}),
        ("Canvas shoes, EU 44", "White, natural rubber.", 6900, {"size-eu": 44}), ("Leather work shoes, EU 41", "Oak-tanned.", 14900, {"size-eu": 41}), ("Leather work shoes, EU 43", "Oak-tanned.", 14900, {"size-eu": 43}),
        ("Rope-soled shoes, EU 39", "For summers by the sea.", 3900, {"size-eu": 39}), ("Rope-soled shoes, EU 41", "For summers by the sea.", 3900, {"size-eu": 41}), ("Felt slippers, EU 42", "Wool from Provence.", 4900, {"size-eu": 42}),
    ), stock=50, looks=(4, 5, 6, 7)),
    *series("watches/circuit-doux", "watch", "Opened, cleaned, regulated over five days. One-year guarantee.", (
        ("Quartz watch, steel, 36 mm", "New battery and gasket.", 7900, {"movement": "quartz", "diameter": 36}), ("Quartz watch, steel, 40 mm", "New battery and gasket.", 8500, {"movement": "quartz", "diameter": 40}),
        ("Diver's watch, automatic, 41 mm", "Tested to ten bar.", 32000, {"movement": "automatic", "diameter": 41}), ("Field watch, hand-wound", "Reads in the dark.", 21000, {"movement": "hand", "diameter": 37}),
        ("Dress watch, thin, 34 mm", "Seven millimetres.", 26000, {"movement": "hand", "diameter": 34}), ("Pocket watch with a chain", "Railway dial.", 18500, {"movement": "hand", "diameter": 48}),
        ("Digital watch with an alarm", "As in 1984.", 3900, {"movement": "quartz"}), ("Chronograph, quartz", "Three hands more.", 12900, {"movement": "quartz", "diameter": 42}), ("Watch straps, leather, set of three", "20 mm.", 4500, {"movement": "hand"}),
    ), condition="like_new", stock=30, looks=(4, 5, 6, 7)),
    *series("cameras/circuit-doux", "camera", "Shutter times measured, light seals new. One-year guarantee.", (
        ("Compact camera, 24 megapixels", "Fits a shirt pocket.", 18900, {"type": "digital"}), ("Bridge camera with a long zoom", "For birds and moons.", 26900, {"type": "digital"}), ("Single-lens reflex, film, with 50 mm", "The one that teaches.", 15900, {"type": "film", "lens": "50 mm f/1.8"}),
        ("Point-and-shoot film camera", "Loads itself.", 6900, {"type": "film"}), ("Instant camera, square pictures", "Ten pictures included.", 9900, {"type": "instant"}), ("Medium-format folding camera", "New bellows.", 24900, {"type": "film"}),
        ("Action camera, waterproof", "With two mounts.", 13900, {"type": "digital"}), ("Twin-lens reflex, film", "Looks down, sees all.", 29900, {"type": "film"}), ("Disposable camera, refilled by us", "Twenty-seven pictures.", 1500, {"type": "film"}),
    ), asks={"works": True}, condition="like_new", stock=30, looks=(4, 5, 6, 7)),
    *series("phones/circuit-doux", "phone", "Tested on forty points, battery above 85 %. One-year guarantee.", (
        ("Refurbished phone, 64 GB, blue", "Small marks on the frame.", 12900, {"storage": "64", "colour": "blue"}), ("Refurbished phone, 64 GB, black", "As new.", 13900, {"storage": "64", "colour": "black"}), ("Refurbished phone, 128 GB, green", "As new.", 17900, {"storage": "128", "colour": "green"}),
        ("Refurbished phone, 256 GB, black", "New battery.", 24900, {"storage": "256", "colour": "black"}), ("Refurbished phone, 512 GB, white", "New screen.", 34900, {"storage": "512", "colour": "white"}), ("Repairable phone, 128 GB", "Seven screws and it is open.", 28900, {"storage": "128", "colour": "grey"}),
        ("Repairable phone, 256 GB", "Seven screws and it is open.", 32900, {"storage": "256", "colour": "grey"}), ("Large-screen phone, 1 TB", "For people who film.", 54900, {"storage": "1024", "colour": "black"}), ("Phone for grandparents, big keys", "Calls, and that is that.", 5900, {"storage": "64", "colour": "red"}),
    ), asks={"battery": 92, "unlocked": True}, condition="like_new", stock=40, looks=(4, 5, 6, 7)),
    *series("computers/circuit-doux", "laptop", "Cleaned inside, new thermal paste, tested for a night. One-year guarantee.", (
        ("Ultrabook, 13 inch, 8 GB", "Weighs a kilo.", 29900, {"memory": 8, "storage": 256, "screen": 13}), ("Ultrabook, 13 inch, 16 GB", "Weighs a kilo.", 36900, {"memory": 16, "storage": 512, "screen": 13}), ("Workstation laptop, 15 inch, 32 GB", "Two fans, one purpose.", 69900, {"memory": 32, "storage": 1000, "screen": 15}),
        ("School laptop, 11 inch", "Survives falls from desks.", 14900, {"memory": 4, "storage": 64, "screen": 11}), ("Mini PC, silent", "Behind any screen.", 19900, {"memory": 16, "storage": 512}), ("Monitor, 24 inch", "All pixels alive.", 9900, {"screen": 24}),
        ("Monitor, 27 inch, tall stand", "Turns upright.", 15900, {"screen": 27}), ("Mechanical keyboard, ISO", "New switches.", 6900, {}), ("Dock with two screens", "One cable.", 8900, {}),
    ), asks={"works": True}, condition="like_new", stock=40, looks=(4, 5, 6, 7)),
    *series("games/circuit-doux", "console", "Opened, cleaned, new sticks where they drifted. One-year guarantee.", (
        ("Retro console with two pads", "Cartridges read at the first try.", 8900, {}), ("Portable console, lit screen", "New shell.", 7900, {}), ("Living-room console, 1 TB", "Quiet again.", 24900, {}), ("Living-room console, 500 GB", "Quiet again.", 19900, {}), ("Controller, wireless, black", "New sticks.", 2900, {}),
        ("Controller, wireless, white", "New sticks.", 2900, {}), ("Arcade stick, eight buttons", "Loud on purpose.", 6900, {}), ("Dance mat", "For small flats with kind neighbours.", 3900, {}), ("Racing wheel with pedals", "Clamps on tables.", 12900, {}),
    ), asks={"works": True, "complete": True}, condition="like_new", stock=40, looks=(4, 5, 6, 7)),
    *series("books/nordkarton", "books", "Printed on our own recycled stock.", (
        ("Sketchbook A5, 120 pages", "Lies flat.", 890, {"pages": 120}), ("Sketchbook A4, 120 pages", "Lies flat.", 1290, {"pages": 120}), ("Diary 2027, one day a page", "Thread-sewn.", 1690, {"pages": 380}), ("Diary 2027, one week two pages", "Thread-sewn.", 1190, {"pages": 160}),
        ("Guest book in grey linen", "For weddings and hotels.", 2490, {"pages": 200}), ("Account book, 12 columns", "For people who like to rule lines.", 1590, {"pages": 96}), ("Photo album, black pages", "Eighty pictures.", 2290, {"pages": 40}), ("Recipe book to be written", "Wipes clean.", 1890, {"pages": 180}), ("School exercise books, pack of ten", "Squared.", 990, {"pages": 64}),
    ), asks={"binding": "hardcover"}, stock=300, looks=(4, 5, 6, 7)),
    *series("music/old-strings", "guitar", "Set up in our workshop in Saint-Étienne; action as you like it.", (
        ("Classical guitar, cedar top", "For Spanish evenings.", 34900, {}), ("Steel-string guitar, mahogany", "Dark and dry.", 42900, {}), ("Travel guitar, three quarters", "Goes as hand luggage.", 19900, {"case": True}), ("Twelve-string guitar", "Tuned down a step.", 38900, {}), ("Ukulele, concert size", "Koa laminate.", 8900, {}),
        ("Mandolin, flat back", "New bridge.", 24900, {}), ("Banjo, five strings", "New head.", 32900, {}), ("Guitar strings, six sets", "Bronze, medium.", 4200, {}), ("Hard case for a parlour guitar", "Green velvet inside.", 9900, {"case": True}),
    ), asks={"family": "strings"}, condition="like_new", stock=30, looks=(4, 5, 6, 7)),
    *series("toys/holzwurm", "train", "Beech and maple from the Ore Mountains, oiled.", (
        ("Wooden blocks, fifty", "In a cotton bag.", 3900, {"age": 1, "pieces": 50}), ("Marble run, forty pieces", "Falls in every order.", 5900, {"age": 4, "pieces": 40}), ("Pull-along duck", "Wobbles.", 1900, {"age": 1, "pieces": 1}), ("Noah's ark, twenty animals", "All pairs.", 7900, {"age": 3, "pieces": 24}),
        ("Railway station for wooden trains", "With a clock to set.", 3400, {"age": 3, "pieces": 6}), ("Bridge and tunnel for wooden trains", "Fits all usual tracks.", 2900, {"age": 3, "pieces": 8}), ("Spinning tops, box of six", "One stands on its head.", 1600, {"age": 4, "pieces": 6}), ("Chess set, pear wood", "Board folds.", 8900, {"age": 6, "pieces": 32}), ("Nutcracker, 25 cm", "Cracks, too.", 4900, {"age": 6, "pieces": 1}),
    ), asks={"complete": True}, stock=90, looks=(4, 5, 6, 7)),
    *series("tea/qingming", "tea", "密封铝罐，顺丰发出。", (
        ("安吉白茶，100克", "鲜爽回甘。", 12800, {"kind": "green", "origin": "安吉"}), ("碧螺春，50克", "花果香。", 9800, {"kind": "green", "origin": "苏州"}), ("白毫银针，50克", "毫香清甜。", 15800, {"kind": "white", "origin": "福鼎"}), ("白牡丹，100克", "日常好茶。", 8800, {"kind": "white", "origin": "福鼎"}),
        ("铁观音，清香型，250克", "兰花香。", 11800, {"kind": "oolong", "origin": "安溪"}), ("凤凰单丛，蜜兰香，100克", "高山老丛。", 13800, {"kind": "oolong", "origin": "潮州"}), ("正山小种，100克", "松烟香。", 7800, {"kind": "black", "origin": "武夷山"}), ("滇红金芽，100克", "蜜甜。", 9200, {"kind": "black", "origin": "凤庆"}), ("熟普洱茶饼，357克", "五年陈。", 16800, {"kind": "dark", "origin": "勐海"}),
    ), asks={"harvest": 2026}, stock=120, looks=(4, 5, 6, 7), language="zh-hans"),
    *series("packaging/nordkarton", "pallet", "Made in Hamburg from recycled board. Delivered flat, tomorrow if ordered before noon.", (
        ("Book boxes 35 × 25 × 15, bundle of 50", "Closes without tape.", 2900, {"length": 350, "width": 250, "pack": 50}), ("Letterbox cartons, bundle of 100", "Through every slot.", 2400, {"length": 340, "width": 240, "pack": 100}), ("Wine cartons for six bottles, bundle of 20", "Passes the drop test.", 3900, {"pack": 20}), ("Tube mailers, 70 cm, bundle of 25", "With lids.", 2700, {"length": 700, "pack": 25}),
        ("Padded mailers, paper, 100", "No plastic inside.", 3100, {"pack": 100}), ("Kraft paper, roll of 200 m", "70 g.", 2600, {"width": 500}), ("Paper tape, 36 rolls", "Tears by hand.", 5900, {"pack": 36}), ("Honeycomb wrap, 100 m", "Instead of bubbles.", 3600, {"width": 400}), ("Pallet boxes, bundle of 5", "Triple wall.", 8900, {"length": 1200, "width": 800, "pack": 5}),
    ), asks={"material": "Corrugated board"}, stock=900, looks=(4, 5, 6, 7)),
    *series("tools/holzwurm", "toolbox", "What we use ourselves. Replacement for life.", (
        ("Chisels, set of six", "Ash handles.", 8900, {}), ("Japanese pull saw, 240 mm", "Cuts on the way back.", 4900, {}), ("Block plane, low angle", "Flat to a hair.", 11900, {}), ("Clamps, six of 60 cm", "They do not slip.", 9900, {}), ("Mallet, hornbeam", "Four hundred grams.", 2900, {}),
        ("Marking gauge, brass wheel", "Clear lines.", 3900, {}), ("Workbench vice, 150 mm", "Two screws more than needed.", 12900, {}), ("Carving knives, roll of five", "Sharp on arrival.", 7900, {}), ("Folding rule, two metres", "Beech.", 1200, {}),
    ), asks={"drive": "hand", "works": True}, stock=60, looks=(4, 5, 6, 7)),
    *series("bikes/velo-rhone", "bicycle", "Checked by our mechanics, new cables and tyres. Six-month guarantee.", (
        ("Touring bike, 56 cm", "Racks front and back.", 48900, {"type": "road", "frame": 56}), ("Touring bike, 52 cm", "Racks front and back.", 48900, {"type": "road", "frame": 52}), ("Cargo bike, long front", "Two children or one sofa.", 219000, {"type": "cargo"}), ("Child's bike, 16 inch", "No stabilisers needed.", 9900, {"type": "child", "wheel": 16}), ("Child's bike, 20 inch", "Three gears.", 12900, {"type": "child", "wheel": 20}),
        ("Mountain bike, hardtail, M", "New fork seals.", 42900, {"type": "mountain", "frame": 46}), ("City bike, three gears, low step", "Dynamo light.", 28900, {"type": "city", "frame": 50}), ("Single-speed, 54 cm", "One gear, no excuses.", 24900, {"type": "city", "frame": 54}), ("Folding bike, 20 inch", "Goes by train for nothing.", 34900, {"type": "city", "wheel": 20}),
    ), condition="like_new", stock=24, looks=(4, 5, 6, 7)),
    *series("garden/green-thumb", "watering", "From the shed that we use ourselves.", (
        ("Watering can, 5 litres", "For balconies.", 2900, {"material": "Galvanised steel"}), ("Watering can, 2 litres, long spout", "For shelves.", 2200, {"material": "Galvanised steel"}), ("Trowel, forged", "Will outlive the garden.", 1900, {"material": "Steel and ash"}), ("Hand fork, forged", "For stubborn weeds.", 1900, {"material": "Steel and ash"}), ("Secateurs, bypass", "Every part can be had.", 3900, {"material": "Steel"}),
        ("Seed trays, cardboard, 20", "Plant them with the tray.", 1400, {"material": "Cardboard"}), ("Peat-free compost, 40 litres", "Two years old.", 1100, {}), ("Wooden labels, 100", "Pencil holds two winters.", 600, {"material": "Beech"}), ("Cold frame, larch, 120 cm", "Glass included.", 12900, {"material": "Larch", "width": 120}),
    ), stock=90, looks=(4, 5, 6, 7)),
)  # fmt: skip
