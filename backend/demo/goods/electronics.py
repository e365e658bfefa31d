"""Cameras, phones, computers, games."""

from backend.demo.goods.shape import Choice, Thing

BOTH = ("parcel", "pickup")

THINGS = (
    Thing("cameras", "jonas", "Rangefinder film camera, 35 mm, serviced in May", "My father bought it in Lyon in 1974 and used it every summer. It was cleaned and adjusted in May; the meter agrees with my phone to half a stop. Comes with the strap, the lens cap and the service bill. No case.", 18600, "very_good", ("camera", 0), {"type": "film", "lens": "40 mm f/1.8", "works": True}, photos=4, hand_overs=BOTH),
    Thing("cameras", "jonas", "Leather-trimmed rangefinder, 1958", "Shutter is accurate down to 1/30, the slow speeds stick in winter. Finder is bright.", 9400, "good", ("camera", 1), {"type": "film", "lens": "45 mm f/2.8", "works": True}),
    Thing("cameras", "circuit-doux", "Mirrorless camera, 24 MP, shutter at 6,000", "Sensor cleaned, firmware current, two batteries and a charger. One-year guarantee.", 42900, "like_new", ("camera", 3), {"type": "digital", "works": True}, stock=4, photos=3),
    Thing("cameras", "theo", "Instant camera, green", "Film for it is still sold. Ten photos left in the pack that is in it.", 6400, "very_good", ("camera", 2), {"type": "instant", "works": True}),
    Thing("cameras", "lin", "胶片旁轴相机，测光准", "过期卷试拍两卷，焦点准。快门低速正常。送背带和镜头盖。", 13500, "very_good", ("camera", 3), {"type": "film", "lens": "38mm f/2.8", "works": True}, language="zh-hans", photos=3, hand_overs=BOTH),
    Thing("cameras", "yusuf", "Box of three cameras for repair", "One jams, one has fungus, one I never understood. Sold together.", 3900, "for_parts", ("camera", 1), {"type": "film", "works": False}),
    Thing("phones", "circuit-doux", "Unlocked phone, 128 GB, battery at 91 %", "Opened, tested on forty points, new screen protector. One-year guarantee, twelve months of updates ahead at least.", 21450, "like_new", ("phone", 0), {"storage": "128", "battery": 91, "unlocked": True}, stock=17, photos=3, choices=(Choice({"Colour": "Graphite"}, 9), Choice({"Colour": "Silver"}, 8))),
    Thing("phones", "circuit-doux", "Phone with a big screen, 256 GB", "Grade B: fine scratches on the back, none on the glass. Battery at 88 %.", 27900, "good", ("phone", 1), {"storage": "256", "battery": 88, "unlocked": True}, stock=8, special=(24900, 6)),
    Thing("phones", "petra", "Small phone, 64 GB, first owner", "Fits one hand. Always in a case, invoice and box are there.", 9900, "good", ("phone", 2), {"storage": "64", "battery": 83, "unlocked": True}),
    Thing("phones", "yusuf", "Phone with a cracked back", "Glass at the back is broken, everything else works. Battery 79 %.", 6900, "fair", ("phone", 3), {"storage": "128", "battery": 79, "unlocked": True}),
    Thing("phones", "lin", "手机 256G，电池健康 94%", "国行双卡，屏幕无划痕，配原装充电线。可当面验机。", 26000, "like_new", ("phone", 0), {"storage": "256", "battery": 94, "unlocked": True}, language="zh-hans", hand_overs=BOTH),
    Thing("phones", "nordkarton", "Rugged phones for the warehouse, refurbished", "Our own fleet, replaced on schedule. Reset, tested, with charger. From five pieces.", 8900, "good", ("phone", 1), {"storage": "64", "unlocked": True}, stock=45, breaks=((10, 8200), (25, 7500)), minimum=5),
    Thing("computers", "circuit-doux", "Laptop, 14 inch, 16 GB, new battery", "Business model, magnesium shell. New battery and keyboard, 512 GB disk, Linux or none, as you like.", 38900, "like_new", ("laptop", 0), {"memory": 16, "storage": 512, "screen": 14, "works": True}, stock=12, photos=3, breaks=((5, 36900), (10, 34900))),
    Thing("computers", "circuit-doux", "Laptop, 13 inch, for school", "Light, quiet, eight hours. Small dent in the lid, that is the whole story.", 24900, "good", ("laptop", 1), {"memory": 8, "storage": 256, "screen": 13, "works": True}, stock=7, special=(21900, 10)),
    Thing("computers", "theo", "Laptop for drawing, 15 inch, pen included", "Colours were calibrated in spring. Fan is audible when it renders.", 59000, "very_good", ("laptop", 2), {"memory": 32, "storage": 1024, "screen": 15, "works": True}, hand_overs=BOTH),
    Thing("computers", "petra", "Old laptop, good for writing", "No distractions: it is too slow for them. Keyboard is a pleasure.", 7500, "fair", ("laptop", 3), {"memory": 4, "storage": 128, "screen": 12, "works": True}),
    Thing("computers", "lin", "笔记本电脑 14寸 16G，电池新换", "写论文用的，刚毕业。系统已重装，送电脑包。", 32000, "very_good", ("laptop", 0), {"memory": 16, "storage": 512, "screen": 14, "works": True}, language="zh-hans", hand_overs=BOTH),
    Thing("computers", "yusuf", "Laptop with a dead screen", "Works on a monitor. Good as a little server in a cupboard.", 6000, "for_parts", ("laptop", 2), {"memory": 8, "storage": 256, "works": False}),
    Thing("games", "theo", "Pocket console with a new screen", "Brighter than it ever was. Original shell, two games of your choice from the photo.", 6490, "very_good", ("console", 0), {"complete": False, "works": True}),
    Thing("games", "circuit-doux", "Handheld console, recapped and cleaned", "New capacitors, speaker and buttons. One-year guarantee, even on a thirty-year-old.", 8900, "like_new", ("console", 1), {"works": True}, stock=13, photos=3, choices=(Choice({"Shell": "Ivory"}, 7), Choice({"Shell": "Teal"}, 6))),
    Thing("games", "yusuf", "Console and eleven games", "My teenage years in a bag. Two of the games still have their boxes.", 11000, "good", ("console", 2), {"complete": True, "works": True}),
    Thing("games", "ana", "Yellow pocket console, battery door missing", "Tape does the job. It plays everything.", 3800, "fair", ("console", 3), {"complete": False, "works": True}),
    Thing("games", "lin", "掌机，带两盘游戏", "成色如图，按键灵敏，屏幕无坏点。", 5500, "very_good", ("console", 2), {"works": True}, language="zh-hans"),
    Thing("games", "jonas", "Broken pocket console, opened once", "Sound without picture. The screws are in a paper bag.", 1900, "for_parts", ("console", 0), {"works": False}),
)  # fmt: skip
