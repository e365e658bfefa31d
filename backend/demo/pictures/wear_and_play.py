"""Worn, read, played, ridden, shipped."""

from __future__ import annotations

import math
from random import Random

from backend.demo.pictures.brush import box, dim, disc, lit, mix, path, rect, solid, stroke, turn


def sneakers(r: Random, a: str, b: str) -> str:
    def shoe(a, b):
        up = "M124 428C112 372 122 322 138 286Q144 272 160 280Q192 306 226 288L262 250Q274 240 288 250L384 338Q410 352 450 356Q512 362 516 428z"
        parts = path("M118 428Q110 360 138 286q40 60 22 142z", b) + path("M402 430Q404 372 432 350Q524 352 524 430z", lit(b, 0.12) if a[1] in "ef" else "#f6f1e6") + stroke("M206 420Q250 380 268 330M250 424Q290 388 306 350", b, 17)
        laces = "".join(stroke(f"M{278 + k * 27} {282 + k * 24}l-34 26", b if a[1] in "ef" else "#f8f3e8", 10) for k in range(4))
        sole = solid("M112 420H516Q530 424 530 446Q530 476 502 476H134Q106 476 108 446z", "#faf6ec", 470, None, 10, rect(100, 462, 440, 20, 0, b))
        return solid(up, a, 452, None, 20, parts) + path("M270 246q12-14 30-2l22 22-30 22z", lit(b, 0.35)) + laces + sole
    return f'<g transform="translate(66 -10) scale(.9)">{shoe(dim(a, 0.16), dim(b, 0.16))}</g><g transform="translate(-16 14)">{shoe(a, b)}</g>'


def jacket(r: Random, a: str, b: str) -> str:
    rib = dim(a, 0.35)
    arm = "M{0} 176Q{1} 190 {2} 250L{3} 424L{4} 440L{5} 300z"
    left, right = arm.format(226, 176, 158, 118, 174, 232), arm.format(374, 424, 442, 482, 426, 368)
    cuffs = turn(rect(112, 424, 64, 26, 9, rib), 15, 144, 436) + turn(rect(424, 424, 64, 26, 9, dim(rib, 0.2)), -15, 456, 436)
    body = solid("M222 176Q300 210 378 176L392 300V470H208V300z", a, 350, 226, 6, rect(200, 456, 200, 40, 0, rib))
    lapels = path("M240 168L300 214L262 262L222 182z", lit(b, 0.12)) + path("M360 168L300 214L338 262L378 182z", b) + path("M258 166Q300 190 342 166L300 214z", "#f3eadb")
    snaps = "".join(disc(309, q, 5, lit(b, 0.5)) for q in range(286, 450, 42))
    pockets = "".join(rect(x, 352, 54, 58, 8, dim(a, 0.14)) + path(f"M{x-3} 350h60v16l-30 14l-30-14z", dim(a, 0.28)) for x in (226, 320))
    hook = stroke("M300 158V134Q300 118 314 114T322 88T298 86", "#7b7d88", 6)
    return hook + solid(left, lit(a, 0.07), 210, 150, 30) + solid(right, dim(a, 0.1), 450, None, 30) + cuffs + body + stroke("M300 214V468", dim(a, 0.4), 4) + snaps + pockets + lapels


def books(r: Random, a: str, b: str) -> str:
    tones, y, out = [a, b, lit(a, 0.45), "#f1e4cc", dim(b, 0.25), "#6d8f86"], 492, ""
    r.shuffle(tones)
    for k, c in enumerate(tones[:5]):
        h, w = r.randint(46, 62), r.randint(250, 310) - k * 8
        x, y = 300 - w / 2 + r.randint(-22, 22), y - h
        band = rect(x + 30, y, 12, h, 0, lit(c, 0.5)) + rect(x + w - 44, y, 12, h, 0, lit(c, 0.5)) + rect(x + w / 2 - 48, y + h / 2 - 5, 96, 10, 5, lit(c, 0.55))
        out += solid(box(x, y, w, h, 9), c, x + w - 34, None, 4, band + rect(x, y, w, 5, 0, lit(c, 0.3)) + rect(x, y + h - 6, w, 8, 0, dim(c, 0.24)))
    cup = stroke(f"M352 {y-62}q36-4 32 22t-38 20", "#f6efe2", 10) + solid(f"M258 {y-78}h98v42q0 36-38 36h-22q-38 0-38-36z", "#f6efe2", 330, 270, 6) + disc(307, y - 78, 49, "#5a3524", 9)
    return out + cup


def guitar(r: Random, a: str, b: str) -> str:
    body = "M300 250C352 244 392 268 380 318C374 346 396 358 410 396C428 452 384 500 300 500S172 452 190 396C204 358 226 346 220 318C208 268 248 244 300 250z"
    face = solid(body, a, 368, 222, 14, stroke(body, b, 14)) + disc(300, 356, 40, b) + disc(300, 356, 34, "#21150f")
    neck = solid("M284 92H316L320 350H280z", b, 304, None, 0, "".join(rect(270, y, 60, 4, 0, lit(b, 0.5)) for y in (120, 146, 170, 193, 214, 234, 253, 271)))
    head = solid("M276 30Q300 20 324 30L318 96H282z", dim(b, 0.2), 306, None, 0) + "".join(disc(x, y, 7, "#efe3c8") for x in (270, 330) for y in (44, 62, 80))
    strings = stroke("".join(f"M{x} 90V444" for x in (290, 295, 300, 305, 310)), "#fbf3dd", 1.3, opacity=0.85)
    return turn(f'<g transform="translate(0 -6)">{face}{rect(258, 436, 84, 18, 8, b)}{neck}{head}{strings}</g>', r.choice([9, -9]), 300, 480)


def bicycle(r: Random, a: str, b: str) -> str:
    tyre, steel, out = "#2a2c3a", "#e9e6df", ""
    for x in (166, 434):
        spokes = "".join(f"M{x} 396L{x + 84 * math.cos(t):.0f} {396 + 84 * math.sin(t):.0f}" for t in (k * math.pi / 8 for k in range(16)))
        out += stroke(spokes, steel, 1.6, opacity=0.8) + disc(x, 396, 92, "none", stroke=tyre, stroke_width=11) + disc(x, 396, 83, "none", stroke=steel, stroke_width=4) + disc(x, 396, 10, dim(steel, 0.35))
    rear = stroke("M166 396L246 252M166 396H282", dim(a, 0.18), 10)
    frame = stroke("M282 396L240 234M282 396L402 262M248 262L394 240", a, 14) + stroke("M388 208L404 274Q412 330 434 396", a, 12) + stroke("M251 259L390 237", lit(a, 0.45), 3)
    bar = stroke("M386 210Q384 190 404 186L444 182Q470 182 470 206T446 232", "#3a3d4d", 9) + stroke("M444 182Q470 182 470 206T446 232", b, 11)
    if r.random() < 0.45:
        weave = "".join(f"M{x} 218l4 60" for x in (428, 446, 464, 482)) + "M418 238h78M420 258h74"
        bar = stroke("M388 208Q380 182 352 184L330 190", "#3a3d4d", 9) + stroke("M350 184L330 190", b, 12) + solid("M412 214h90l-12 70h-66z", "#d9a566", 474, 430, 6, stroke(weave, "#a9743c", 4)) + stroke("M392 222h24", "#3a3d4d", 7)
    saddle = stroke("M240 236L234 210", steel, 9) + path("M190 196Q196 186 222 192L284 196Q296 198 286 206L244 214Q204 218 190 196z", b)
    crank = disc(282, 396, 27, dim(steel, 0.2)) + disc(282, 396, 17, a) + stroke("M282 396L304 440", dim(steel, 0.45), 8) + rect(290, 436, 36, 10, 5, tyre)
    return out + rear + crank + frame + bar + saddle


def pallet(r: Random, a: str, b: str) -> str:
    def p(x, y, z):
        return f"{300 + (x - y) * .866:.0f} {462 + (x + y) * .5 - z - 70:.0f}"

    def cube(x, y, z, w, d, h, c):
        top = f"M{p(x,y,z+h)}L{p(x+w,y,z+h)}L{p(x+w,y+d,z+h)}L{p(x,y+d,z+h)}z"
        left = f"M{p(x,y+d,z)}L{p(x+w,y+d,z)}L{p(x+w,y+d,z+h)}L{p(x,y+d,z+h)}z"
        return path(left, c) + path(f"M{p(x+w,y,z)}L{p(x+w,y+d,z)}L{p(x+w,y+d,z+h)}L{p(x+w,y,z+h)}z", dim(c, 0.24)) + path(top, lit(c, 0.34))
    wood, out = "#b98650", ""
    for y in (-92, -14, 64):
        out += cube(-104, y, 0, 208, 28, 20, dim(wood, 0.2))
    out += cube(-108, -104, 20, 216, 208, 12, wood)
    full = r.choice([7, 8])
    for k, (z, x, y) in enumerate((z, x, y) for z in (0, 1) for x in (0, 1) for y in (0, 1)):
        if k >= full:
            continue
        x0, y0, z0, c = -98 + x * 99, -96 + y * 98, 32 + z * 98, mix(a, "#b9824a", r.uniform(0, 0.3))
        out += cube(x0, y0, z0, 96, 94, 94, c)
        m, q = x0 + 40, z0 + 94
        out += path(f"M{p(m,y0,q)}L{p(m+16,y0,q)}L{p(m+16,y0+94,q)}L{p(m,y0+94,q)}z", lit(c, 0.7)) + path(f"M{p(m,y0+94,q)}L{p(m+16,y0+94,q)}L{p(m+16,y0+94,q-24)}L{p(m,y0+94,q-24)}z", lit(c, 0.5))
        out += path(f"M{p(x0+96,y0+62,z0+20)}L{p(x0+96,y0+24,z0+20)}L{p(x0+96,y0+24,z0+52)}L{p(x0+96,y0+62,z0+52)}z", "#f7f1e4") + path(f"M{p(x0+96,y0+62,z0+44)}L{p(x0+96,y0+24,z0+44)}L{p(x0+96,y0+24,z0+52)}L{p(x0+96,y0+62,z0+52)}z", b)
    return out
