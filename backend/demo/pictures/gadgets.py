"""Cameras, phones, consoles, watches."""

from __future__ import annotations

from random import Random

from backend.demo.pictures.brush import box, clip_name, dim, disc, lit, mix, path, rect, solid, stroke, turn


def camera(r: Random, a: str, b: str) -> str:
    hot, L = r.choice(["#d4483b", "#e8a83a", "#3f8fb0"]), (300, 372)
    top = solid("M108 282V256q0-22 22-22h74l20-34q6-10 18-10h116q12 0 18 10l20 34h74q22 0 22 22v26z", b, 452, 150, 12)
    body = solid(box(108, 268, 384, 222, 26), a, 440, 132, 12, rect(108, 460, 384, 30, 0, dim(b, 0.12)) + rect(108, 268, 384, 8, 0, dim(a, 0.4)))
    knobs = rect(136, 216, 52, 22, 7, dim(b, 0.35)) + rect(142, 216, 10, 22, 3, lit(b, 0.4)) + rect(416, 220, 34, 16, 6, hot) + disc(300, 226, 36, dim(a, 0.3), 17) + disc(290, 222, 14, "#8fb3c8", 6)
    lens = "".join(disc(*L, q, c) for q, c in ((106, dim(b, 0.42)), (98, b), (84, "#23242f"), (66, "#343747"), (52, "#14151d"), (40, "#27405e"), (24, "#0f1a2c")))
    ticks = "".join(rect(296, 276, 7, 14, 2, dim(b, 0.55), transform=f"rotate({k * 24} 300 372)") for k in range(15))
    shine = path("M262 356a42 42 0 0 1 34-27l3 13a30 30 0 0 0-24 19z", "#dcebf7", opacity=0.85) + disc(318, 392, 7, "#7fb0d6", opacity=0.7)
    strap = stroke("M112 250C40 250 40 420 62 492", dim(hot, 0.2) if r.random() < 0.5 else "#7a4b2a", 15)
    return strap + top + body + knobs + lens + ticks + shine + rect(432, 300, 30, 20, 5, "#e9e2d0") + disc(140, 304, 8, hot)


def phone(r: Random, a: str, b: str) -> str:
    c2 = mix(b, "#7a5fd0", 0.6)
    back = turn(solid(box(316, 116, 172, 356, 32), a, 452, 334, 10, rect(334, 134, 74, 96, 22, dim(a, 0.22)) + "".join(disc(x, y, 15, "#12131c") + disc(x - 4, y - 4, 4, "#8fa9d8") for x, y in ((356, 158), (356, 204), (386, 181)))), 9, 400, 300)
    hills = disc(206, 520, 170, c2, 150) + disc(320, 540, 130, dim(c2, 0.3), 130) + disc(232, 270, 38, "#fff3d0")
    clip = clip_name()
    front = f'<clipPath id="{clip}"><path d="{box(140, 144, 164, 348, 24)}"/></clipPath>' + rect(130, 134, 184, 368, 34, "#1a1b27") + f'<g clip-path="url(#{clip})">' + rect(130, 134, 184, 368, 0, b) + hills + path("M140 144h96L140 420z", "#ffffff", opacity=0.16) + "</g>" + rect(196, 154, 52, 13, 7, "#1a1b27")
    return back + turn(front, -6, 222, 318)


def console(r: Random, a: str, b: str) -> str:
    shell = solid(box(168, 74, 264, 452, 38), a, 398, 184, 8) + rect(194, 102, 212, 186, 20, "#2b2c3c") + rect(218, 126, 164, 140, 8, "#a9c47f")
    game = path("M218 266V232l34-22 30 26 40-46 60 52v24z", "#6f8f55") + disc(344, 158, 15, "#e6efb4") + "".join(rect(232 + k * 22, 142, 12, 12, 2, "#4e6d40") for k in range(3))
    pad = rect(198, 356, 92, 32, 8, "#2b2c3c") + rect(228, 326, 32, 92, 8, "#2b2c3c") + disc(244, 372, 9, "#444659")
    keys = disc(386, 344, 24, dim(b, 0.3)) + disc(384, 340, 24, b) + disc(332, 384, 24, dim(b, 0.3)) + disc(330, 380, 24, b) + disc(378, 333, 6, lit(b, 0.5)) + disc(324, 373, 6, lit(b, 0.5))
    slots = "".join(turn(rect(342 + k * 18, 456, 7, 48, 3.5, dim(a, 0.35)), 24, 345 + k * 18, 480) for k in range(4))
    small = turn(rect(226, 446, 44, 13, 6.5, dim(a, 0.4)), -18, 248, 452) + turn(rect(278, 446, 44, 13, 6.5, dim(a, 0.4)), -18, 300, 452)
    return turn(shell + game + pad + keys + slots + small, r.choice([-7, 6]))


def watch(r: Random, a: str, b: str) -> str:
    steel = r.choice(["#d9d7d2", "#d9b36a"])
    strap = solid("M250 206L260 66Q262 50 278 50H322Q338 50 340 66L350 206z", b, 326, 268, 2, rect(254, 110, 100, 4, 0, dim(b, 0.3))) + solid("M250 394L262 536Q264 552 280 552H320Q336 552 338 536L350 394z", b, 326, 268, -2, "".join(disc(300, y, 5, dim(b, 0.5)) for y in (452, 480, 508)))
    case = rect(428, 282, 24, 36, 7, dim(steel, 0.25)) + "".join(disc(300, 300, q, c) for q, c in ((134, dim(steel, 0.3)), (130, steel), (112, dim(steel, 0.4)), (108, a)))
    dark = sum(bytes.fromhex(a[1:])) < 380
    ink = "#f6efe0" if dark else "#2a2733"
    marks = "".join(rect(296.5, 206, 7, 22 if k % 3 == 0 else 12, 3, ink, transform=f"rotate({k*30} 300 300)") for k in range(12))
    t, sub = r.randint(0, 11), disc(300, 350, 27, dim(a, 0.12) if not dark else lit(a, 0.14)) + stroke("M300 350l10-16", ink, 3)
    hands = turn(rect(295, 240, 10, 66, 5, ink), t * 30 + 5, 300, 300) + turn(rect(296.5, 212, 7, 94, 3.5, ink), (t * 30 + 60) % 360, 300, 300) + turn(rect(298.7, 206, 2.6, 112, 1, "#e0603f"), 200, 300, 300)
    return strap + case + path("M300 192a108 108 0 0 0-108 108h60a250 250 0 0 1 120-81a108 108 0 0 0-72-27z", "#ffffff", opacity=0.16) + marks + sub + hands + disc(300, 300, 8, "#e0603f")
