"""What needs a battery or a plug."""

from __future__ import annotations

from random import Random

from backend.demo.pictures.brush import box, dim, disc, lit, mix, path, rect, solid, stroke, turn, within


def camera(dice: Random, main: str, second: str) -> str:
    hot, L = dice.choice(["#d4483b", "#e8a83a", "#3f8fb0"]), (300, 372)
    top = solid("M108 282V256q0-22 22-22h74l20-34q6-10 18-10h116q12 0 18 10l20 34h74q22 0 22 22v26z", second, 452, 150, 12)
    body = solid(
        box(108, 268, 384, 222, 26), main, 440, 132, 12, rect(108, 460, 384, 30, 0, dim(second, 0.12)) + rect(108, 268, 384, 8, 0, dim(main, 0.4))
    )
    knobs = (
        rect(136, 216, 52, 22, 7, dim(second, 0.35))
        + rect(142, 216, 10, 22, 3, lit(second, 0.4))
        + rect(416, 220, 34, 16, 6, hot)
        + disc(300, 226, 36, dim(main, 0.3), 17)
        + disc(290, 222, 14, "#8fb3c8", 6)
    )
    lens = "".join(
        disc(*L, q, c)
        for q, c in ((106, dim(second, 0.42)), (98, second), (84, "#23242f"), (66, "#343747"), (52, "#14151d"), (40, "#27405e"), (24, "#0f1a2c"))
    )
    ticks = "".join(rect(296, 276, 7, 14, 2, dim(second, 0.55), transform=f"rotate({k * 24} 300 372)") for k in range(15))
    shine = path("M262 356a42 42 0 0 1 34-27l3 13a30 30 0 0 0-24 19z", "#dcebf7", fill_opacity=0.85) + disc(318, 392, 7, "#7fb0d6", fill_opacity=0.7)
    strap = stroke("M112 250C40 250 40 420 62 492", dim(hot, 0.2) if dice.random() < 0.5 else "#7a4b2a", 15)
    return strap + top + body + knobs + lens + ticks + shine + rect(432, 300, 30, 20, 5, "#e9e2d0") + disc(140, 304, 8, hot)


def phone(dice: Random, main: str, second: str) -> str:
    c2 = mix(second, "#7a5fd0", 0.6)
    back = turn(
        solid(
            box(316, 116, 172, 356, 32),
            main,
            452,
            334,
            10,
            rect(334, 134, 74, 96, 22, dim(main, 0.22))
            + "".join(disc(x, y, 15, "#12131c") + disc(x - 4, y - 4, 4, "#8fa9d8") for x, y in ((356, 158), (356, 204), (386, 181))),
        ),
        9,
        400,
        300,
    )
    hills = disc(206, 520, 170, c2, 150) + disc(320, 540, 130, dim(c2, 0.3), 130) + disc(232, 270, 38, "#fff3d0")
    front = (
        rect(130, 134, 184, 368, 34, "#1a1b27")
        + within(
            box(140, 144, 164, 348, 24), rect(130, 134, 184, 368, 0, second) + hills + path("M140 144h96L140 420z", "#ffffff", fill_opacity=0.16)
        )
        + rect(196, 154, 52, 13, 7, "#1a1b27")
    )
    return back + turn(front, -6, 222, 318)


def console(dice: Random, main: str, second: str) -> str:
    shell = solid(box(168, 74, 264, 452, 38), main, 398, 184, 8) + rect(194, 102, 212, 186, 20, "#2b2c3c") + rect(218, 126, 164, 140, 8, "#a9c47f")
    game = (
        path("M218 266V232l34-22 30 26 40-46 60 52v24z", "#6f8f55")
        + disc(344, 158, 15, "#e6efb4")
        + "".join(rect(232 + k * 22, 142, 12, 12, 2, "#4e6d40") for k in range(3))
    )
    pad = rect(198, 356, 92, 32, 8, "#2b2c3c") + rect(228, 326, 32, 92, 8, "#2b2c3c") + disc(244, 372, 9, "#444659")
    keys = (
        disc(386, 344, 24, dim(second, 0.3))
        + disc(384, 340, 24, second)
        + disc(332, 384, 24, dim(second, 0.3))
        + disc(330, 380, 24, second)
        + disc(378, 333, 6, lit(second, 0.5))
        + disc(324, 373, 6, lit(second, 0.5))
    )
    slots = "".join(turn(rect(342 + k * 18, 456, 7, 48, 3.5, dim(main, 0.35)), 24, 345 + k * 18, 480) for k in range(4))
    small = turn(rect(226, 446, 44, 13, 6.5, dim(main, 0.4)), -18, 248, 452) + turn(rect(278, 446, 44, 13, 6.5, dim(main, 0.4)), -18, 300, 452)
    return turn(shell + game + pad + keys + slots + small, dice.choice([-7, 6]))


def espresso(dice: Random, main: str, second: str) -> str:
    shell = (
        solid(box(146, 172, 308, 104, 26), main, 408, 170, 10)
        + solid("M172 270H262V452H172z", dim(main, 0.08), 236, 184, 2)
        + rect(252, 276, 176, 180, 0, dim(main, 0.42))
    )
    tray = solid(box(138, 446, 324, 46, 14), main, 414, 160, 6, rect(262, 446, 166, 12, 0, "#2b2b36"))
    group = (
        rect(306, 274, 88, 24, 6, "#bfc0c8")
        + solid(box(314, 296, 72, 22, 8), "#dddde2", 362, 322, 2)
        + rect(382, 300, 86, 17, 8, second)
        + rect(340, 316, 20, 16, 4, "#8d8f9a")
    )
    cup = (
        stroke("M350 344v40", "#5a3524", 5)
        + stroke("M384 408q20-2 18 12t-22 12", "#f8f2e6", 7)
        + solid("M314 398h74v20q0 28-28 28h-18q-28 0-28-28z", "#f8f2e6", 366, 324, 4)
        + disc(351, 398, 37, "#6b4028", 6)
    )
    dial = (
        disc(206, 224, 26, "#faf6ec")
        + stroke("M206 224l12-13", "#d4483b", 4)
        + "".join(disc(x, 224, 12, c) for x, c in ((330, lit(main, 0.5)), (364, lit(main, 0.5)), (398, "#e0603f")))
    )
    wand = stroke("M436 274V330Q436 350 446 372L452 396", "#cfd0d6", 9)
    cups = "".join(
        solid(f"M{x} 136h66l-8 38h-50z", c, x + 46, x + 8, 2)
        for x, c in ((196, "#f3e3cf"), (270, lit(main, 0.5) if dice.random() < 0.5 else "#e9b9a0"), (344, "#f3e3cf"))
    )
    return cups + rect(160, 168, 280, 12, 6, dim(main, 0.25)) + wand + shell + tray + group + cup + dial
