"""At home: seats, light, plants, pots, coffee."""

from __future__ import annotations

from random import Random

from backend.demo.pictures.brush import box, dim, disc, leg, lit, mix, path, rect, solid, stroke, turn


def chair(r: Random, a: str, b: str) -> str:
    seams = "".join(stroke(f"M{x} 190V350", dim(a, 0.24), 4) for x in (247, 300, 353)) if r.random() < 0.6 else disc(262, 260, 6, dim(a)) + disc(338, 260, 6, dim(a))
    return (leg(212, 410, 68, 8, dim(b, 0.35)) + leg(388, 410, 68, -8, dim(b, 0.35)) + solid(box(192, 168, 216, 210, 62), a, 372, 206, 10, seams)
            + solid(box(196, 332, 208, 70, 30), lit(a, 0.16), 372, 0, 8) + solid(box(144, 288, 66, 138, 32), lit(a, 0.06), 196, 160, 4) + solid(box(390, 288, 66, 138, 32), dim(a, 0.06), 430, None, 4)
            + rect(176, 396, 248, 30, 14, dim(a, 0.3)) + leg(176, 424, 74, -18, b) + leg(424, 424, 74, 18, dim(b, 0.12)))


def sofa(r: Random, a: str, b: str) -> str:
    p = r.choice(["#f2c14e", "#f3e3cf", "#e58f7b"])
    back = "".join(solid(box(x, 218, 176, 150, 34), a, x + 150, x + 10, 6) for x in (126, 298))
    seat = "".join(solid(box(x, 338, 178, 66, 24), lit(a, 0.15), x + 152, None, 6) for x in (124, 298))
    arms = solid(box(62, 282, 76, 152, 34), lit(a, 0.05), 120, 78, 4) + solid(box(462, 282, 76, 152, 34), dim(a, 0.07), 506, None, 4)
    pillow = turn(solid(box(152, 264, 92, 88, 18), p, 220, 162, 6, stroke("M160 308h80", dim(p, 0.2), 4)), -9, 198, 308)
    return back + pillow + rect(100, 392, 400, 44, 16, dim(a, 0.28)) + seat + arms + leg(110, 432, 60, -12, b) + leg(490, 432, 60, 12, dim(b, 0.12))


def lamp(r: Random, a: str, b: str) -> str:
    if r.random() < 0.5:
        glow = path("M214 264L110 500H490L386 264z", "url(#l)")
        stem = solid("M278 262h44l10 190h-64z", b, 306, 286, 4) + solid("M206 492q0-46 94-46t94 46z", b, 348, 236, 14)
        return glow + stem + disc(300, 264, 86, "#fff6d6", 16) + solid("M172 264C172 168 226 112 300 112S428 168 428 264Q364 252 300 252T172 264z", a, 366, 214, 24)
    glow = path("M352 236L250 500H560L446 300z", "url(#l)")
    arm = stroke("M218 470L184 318L330 196", dim(b, 0.1), 15) + disc(184, 318, 17, lit(b, 0.3)) + disc(218, 462, 15, dim(b, 0.3))
    head = turn(disc(354, 262, 74, "#fff6d6", 18) + solid("M326 138h56q12 0 14 14l4 22q34 26 34 88q-40-12-80-12t-80 12q0-62 34-88l4-22q2-14 14-14z", a, 384, 326, 14), -38, 354, 200)
    return glow + arm + solid("M140 492q0-34 78-34t78 34z", b, 256, 174, 10) + head


def plant(r: Random, a: str, b: str) -> str:
    n, out = r.choice([7, 9]), ""
    for k in sorted(range(n), key=lambda k: -abs(k - n // 2)):
        t = (k - n // 2) * (128 / n) + r.uniform(-4, 4)
        h = 262 - abs(t) * 1.0 + r.uniform(-14, 14)
        c, w = mix(a, r.choice(["#8fc46f", "#1f5f5a"]), r.uniform(0.05, 0.4)), 40
        half = f"M300 356C{300-w} {356-h*.4:.0f} {300-w} {356-h*.75:.0f} 300 {356-h:.0f}"
        leaf = path(half + f"C{300+w} {356-h*.75:.0f} {300+w} {356-h*.4:.0f} 300 356z", dim(c, 0.2)) + path(half + "z", lit(c, 0.1)) + stroke(f"M300 350V{356-h*.88:.0f}", lit(c, 0.35), 3)
        out += turn(leaf, round(t, 1), 300, 372)
    return out + solid("M212 356H388L366 478Q364 492 350 492H250Q236 492 234 478z", b, 344, 240, 8, rect(200, 356, 200, 34, 0, dim(b, 0.14))) + solid(box(202, 340, 196, 36, 10), b, 356, 226, 4)


def vases(r: Random, a: str, b: str) -> str:
    tall = solid("M196 216H244Q248 262 278 310Q302 360 292 420Q284 492 220 492T148 420Q138 360 162 310Q192 262 196 216z", a, 252, 176, 14, rect(120, 352, 200, 16, 0, lit(a, 0.4)) + rect(120, 378, 200, 6, 0, lit(a, 0.4)))
    stems = "".join(stroke(f"M220 230Q{220+d*.3:.0f} 160 {220+d} {y}", "#7a5a3c", 4) + "".join(disc(220 + d * q, 230 - (230 - y) * q, 13, c, 9) for q, c in ((1, "#f4ead6"), (0.82, "#e8c9a8"), (0.66, "#f4ead6"))) for d, y in ((-62, 96), (6, 66), (74, 104)))
    bowl = solid("M344 372H480Q484 492 412 492T344 372z", "#f3eadb", 444, 362, 10, path("M340 420q18-16 36 0t36 0t36 0t40 0v80H340z", b))
    round_ = solid("M318 340Q318 326 332 326T346 340V348Q398 366 392 424Q388 492 332 492T272 424Q266 366 318 348z", b, 362, 292, 8) + disc(332, 334, 14, dim(b, 0.45), 5)
    return stems + tall + bowl + round_


def espresso(r: Random, a: str, b: str) -> str:
    shell = solid(box(146, 172, 308, 104, 26), a, 408, 170, 10) + solid("M172 270H262V452H172z", dim(a, 0.08), 236, 184, 2) + rect(252, 276, 176, 180, 0, dim(a, 0.42))
    tray = solid(box(138, 446, 324, 46, 14), a, 414, 160, 6, rect(262, 446, 166, 12, 0, "#2b2b36"))
    group = rect(306, 274, 88, 24, 6, "#bfc0c8") + solid(box(314, 296, 72, 22, 8), "#dddde2", 362, 322, 2) + rect(382, 300, 86, 17, 8, b) + rect(340, 316, 20, 16, 4, "#8d8f9a")
    cup = stroke("M350 344v40", "#5a3524", 5) + stroke("M384 408q20-2 18 12t-22 12", "#f8f2e6", 7) + solid("M314 398h74v20q0 28-28 28h-18q-28 0-28-28z", "#f8f2e6", 366, 324, 4) + disc(351, 398, 37, "#6b4028", 6)
    dial = disc(206, 224, 26, "#faf6ec") + stroke("M206 224l12-13", "#d4483b", 4) + "".join(disc(x, 224, 12, c) for x, c in ((330, lit(a, 0.5)), (364, lit(a, 0.5)), (398, "#e0603f")))
    wand = stroke("M436 274V330Q436 350 446 372L452 396", "#cfd0d6", 9)
    cups = "".join(solid(f"M{x} 136h66l-8 38h-50z", c, x + 46, x + 8, 2) for x, c in ((196, "#f3e3cf"), (270, lit(a, 0.5) if r.random() < 0.5 else "#e9b9a0"), (344, "#f3e3cf")))
    return cups + rect(160, 168, 280, 12, 6, dim(a, 0.25)) + wand + shell + tray + group + cup + dial
