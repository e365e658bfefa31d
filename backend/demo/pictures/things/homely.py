"""Furniture and what stands about a room."""

from __future__ import annotations

from random import Random

from backend.demo.pictures.brush import box, dim, disc, leg, lit, mix, path, rect, solid, stroke, turn


def chair(dice: Random, main: str, second: str) -> str:
    seams = (
        "".join(stroke(f"M{x} 190V350", dim(main, 0.24), 4) for x in (247, 300, 353))
        if dice.random() < 0.6
        else disc(262, 260, 6, dim(main)) + disc(338, 260, 6, dim(main))
    )
    return (
        leg(212, 410, 68, 8, dim(second, 0.35))
        + leg(388, 410, 68, -8, dim(second, 0.35))
        + solid(box(192, 168, 216, 210, 62), main, 372, 206, 10, seams)
        + solid(box(196, 332, 208, 70, 30), lit(main, 0.16), 372, 0, 8)
        + solid(box(144, 288, 66, 138, 32), lit(main, 0.06), 196, 160, 4)
        + solid(box(390, 288, 66, 138, 32), dim(main, 0.06), 430, None, 4)
        + rect(176, 396, 248, 30, 14, dim(main, 0.3))
        + leg(176, 424, 74, -18, second)
        + leg(424, 424, 74, 18, dim(second, 0.12))
    )


def sofa(dice: Random, main: str, second: str) -> str:
    p = dice.choice(["#f2c14e", "#f3e3cf", "#e58f7b"])
    back = "".join(solid(box(x, 218, 176, 150, 34), main, x + 150, x + 10, 6) for x in (126, 298))
    seat = "".join(solid(box(x, 338, 178, 66, 24), lit(main, 0.15), x + 152, None, 6) for x in (124, 298))
    arms = solid(box(62, 282, 76, 152, 34), lit(main, 0.05), 120, 78, 4) + solid(box(462, 282, 76, 152, 34), dim(main, 0.07), 506, None, 4)
    pillow = turn(solid(box(152, 264, 92, 88, 18), p, 220, 162, 6, stroke("M160 308h80", dim(p, 0.2), 4)), -9, 198, 308)
    return (
        back
        + pillow
        + rect(100, 392, 400, 44, 16, dim(main, 0.28))
        + seat
        + arms
        + leg(110, 432, 60, -12, second)
        + leg(490, 432, 60, 12, dim(second, 0.12))
    )


def lamp(dice: Random, main: str, second: str) -> str:
    if dice.random() < 0.5:
        glow = path("M214 264L110 500H490L386 264z", "url(#l)")
        stem = solid("M278 262h44l10 190h-64z", second, 306, 286, 4) + solid("M206 492q0-46 94-46t94 46z", second, 348, 236, 14)
        return (
            glow
            + stem
            + disc(300, 264, 86, "#fff6d6", 16)
            + solid("M172 264C172 168 226 112 300 112S428 168 428 264Q364 252 300 252T172 264z", main, 366, 214, 24)
        )
    glow = path("M352 236L250 500H560L446 300z", "url(#l)")
    arm = stroke("M218 470L184 318L330 196", dim(second, 0.1), 15) + disc(184, 318, 17, lit(second, 0.3)) + disc(218, 462, 15, dim(second, 0.3))
    head = turn(
        disc(354, 262, 74, "#fff6d6", 18)
        + solid("M326 138h56q12 0 14 14l4 22q34 26 34 88q-40-12-80-12t-80 12q0-62 34-88l4-22q2-14 14-14z", main, 384, 326, 14),
        -38,
        354,
        200,
    )
    return glow + arm + solid("M140 492q0-34 78-34t78 34z", second, 256, 174, 10) + head


def plant(dice: Random, main: str, second: str) -> str:
    n, out = dice.choice([7, 9]), ""
    for k in sorted(range(n), key=lambda k: -abs(k - n // 2)):
        t = (k - n // 2) * (128 / n) + dice.uniform(-4, 4)
        h = 262 - abs(t) * 1.0 + dice.uniform(-14, 14)
        c, w = mix(main, dice.choice(["#8fc46f", "#1f5f5a"]), dice.uniform(0.05, 0.4)), 40
        half = f"M300 356C{300 - w} {356 - h * 0.4:.0f} {300 - w} {356 - h * 0.75:.0f} 300 {356 - h:.0f}"
        leaf = (
            path(half + f"C{300 + w} {356 - h * 0.75:.0f} {300 + w} {356 - h * 0.4:.0f} 300 356z", dim(c, 0.2))
            + path(half + "z", lit(c, 0.1))
            + stroke(f"M300 350V{356 - h * 0.88:.0f}", lit(c, 0.35), 3)
        )
        out += turn(leaf, round(t, 1), 300, 372)
    return (
        out
        + solid("M212 356H388L366 478Q364 492 350 492H250Q236 492 234 478z", second, 344, 240, 8, rect(200, 356, 200, 34, 0, dim(second, 0.14)))
        + solid(box(202, 340, 196, 36, 10), second, 356, 226, 4)
    )


def vases(dice: Random, main: str, second: str) -> str:
    tall = solid(
        "M196 216H244Q248 262 278 310Q302 360 292 420Q284 492 220 492T148 420Q138 360 162 310Q192 262 196 216z",
        main,
        252,
        176,
        14,
        rect(120, 352, 200, 16, 0, lit(main, 0.4)) + rect(120, 378, 200, 6, 0, lit(main, 0.4)),
    )
    stems = "".join(
        stroke(f"M220 230Q{220 + d * 0.3:.0f} 160 {220 + d} {y}", "#7a5a3c", 4)
        + "".join(disc(220 + d * q, 230 - (230 - y) * q, 13, c, 9) for q, c in ((1, "#f4ead6"), (0.82, "#e8c9a8"), (0.66, "#f4ead6")))
        for d, y in ((-62, 96), (6, 66), (74, 104))
    )
    bowl = solid("M344 372H480Q484 492 412 492T344 372z", "#f3eadb", 444, 362, 10, path("M340 420q18-16 36 0t36 0t36 0t40 0v80H340z", second))
    round_ = solid("M318 340Q318 326 332 326T346 340V348Q398 366 392 424Q388 492 332 492T272 424Q266 366 318 348z", second, 362, 292, 8) + disc(
        332, 334, 14, dim(second, 0.45), 5
    )
    return stems + tall + bowl + round_


def books(dice: Random, main: str, second: str) -> str:
    tones, y, out = [main, second, lit(main, 0.45), "#f1e4cc", dim(second, 0.25), "#6d8f86"], 492, ""
    dice.shuffle(tones)
    for k, c in enumerate(tones[:5]):
        h, w = dice.randint(46, 62), dice.randint(250, 310) - k * 8
        x, y = 300 - w / 2 + dice.randint(-22, 22), y - h
        band = (
            rect(x + 30, y, 12, h, 0, lit(c, 0.5))
            + rect(x + w - 44, y, 12, h, 0, lit(c, 0.5))
            + rect(x + w / 2 - 48, y + h / 2 - 5, 96, 10, 5, lit(c, 0.55))
        )
        out += solid(box(x, y, w, h, 9), c, x + w - 34, None, 4, band + rect(x, y, w, 5, 0, lit(c, 0.3)) + rect(x, y + h - 6, w, 8, 0, dim(c, 0.24)))
    cup = (
        stroke(f"M352 {y - 62}q36-4 32 22t-38 20", "#f6efe2", 10)
        + solid(f"M258 {y - 78}h98v42q0 36-38 36h-22q-38 0-38-36z", "#f6efe2", 330, 270, 6)
        + disc(307, y - 78, 49, "#5a3524", 9)
    )
    return out + cup
