"""What is ridden, played and stacked."""

from __future__ import annotations

import math
from random import Random

from backend.demo.pictures.brush import dim, disc, lit, mix, path, rect, solid, stroke, turn


def bicycle(dice: Random, main: str, second: str) -> str:
    tyre, steel, out = "#2a2c3a", "#e9e6df", ""
    for x in (166, 434):
        spokes = "".join(f"M{x} 396L{x + 84 * math.cos(t):.0f} {396 + 84 * math.sin(t):.0f}" for t in (k * math.pi / 8 for k in range(16)))
        out += (
            stroke(spokes, steel, 1.6, stroke_opacity=0.8)
            + disc(x, 396, 92, "none", stroke=tyre, stroke_width=11)
            + disc(x, 396, 83, "none", stroke=steel, stroke_width=4)
            + disc(x, 396, 10, dim(steel, 0.35))
        )
    rear = stroke("M166 396L246 252M166 396H282", dim(main, 0.18), 10)
    frame = (
        stroke("M282 396L240 234M282 396L402 262M248 262L394 240", main, 14)
        + stroke("M388 208L404 274Q412 330 434 396", main, 12)
        + stroke("M251 259L390 237", lit(main, 0.45), 3)
    )
    bar = stroke("M386 210Q384 190 404 186L444 182Q470 182 470 206T446 232", "#3a3d4d", 9) + stroke("M444 182Q470 182 470 206T446 232", second, 11)
    if dice.random() < 0.45:
        weave = "".join(f"M{x} 218l4 60" for x in (428, 446, 464, 482)) + "M418 238h78M420 258h74"
        bar = (
            stroke("M388 208Q380 182 352 184L330 190", "#3a3d4d", 9)
            + stroke("M350 184L330 190", second, 12)
            + solid("M412 214h90l-12 70h-66z", "#d9a566", 474, 430, 6, stroke(weave, "#a9743c", 4))
            + stroke("M392 222h24", "#3a3d4d", 7)
        )
    saddle = stroke("M240 236L234 210", steel, 9) + path("M190 196Q196 186 222 192L284 196Q296 198 286 206L244 214Q204 218 190 196z", second)
    crank = (
        disc(282, 396, 27, dim(steel, 0.2))
        + disc(282, 396, 17, main)
        + stroke("M282 396L304 440", dim(steel, 0.45), 8)
        + rect(290, 436, 36, 10, 5, tyre)
    )
    return out + rear + crank + frame + bar + saddle


def guitar(dice: Random, main: str, second: str) -> str:
    body = "M300 250C352 244 392 268 380 318C374 346 396 358 410 396C428 452 384 500 300 500S172 452 190 396C204 358 226 346 220 318C208 268 248 244 300 250z"
    face = solid(body, main, 368, 222, 14, stroke(body, second, 14)) + disc(300, 356, 40, second) + disc(300, 356, 34, "#21150f")
    neck = solid(
        "M284 92H316L320 350H280z",
        second,
        304,
        None,
        0,
        "".join(rect(270, y, 60, 4, 0, lit(second, 0.5)) for y in (120, 146, 170, 193, 214, 234, 253, 271)),
    )
    head = solid("M276 30Q300 20 324 30L318 96H282z", dim(second, 0.2), 306, None, 0) + "".join(
        disc(x, y, 7, "#efe3c8") for x in (270, 330) for y in (44, 62, 80)
    )
    strings = stroke("".join(f"M{x} 90V444" for x in (290, 295, 300, 305, 310)), "#fbf3dd", 1.3, opacity=0.85)
    return turn(f'<g transform="translate(0 -6)">{face}{rect(258, 436, 84, 18, 8, second)}{neck}{head}{strings}</g>', dice.choice([9, -9]), 300, 480)


def pallet(dice: Random, main: str, second: str) -> str:
    def p(x: float, y: float, z: float) -> str:
        return f"{300 + (x - y) * 0.866:.0f} {462 + (x + y) * 0.5 - z - 70:.0f}"

    def cube(x: float, y: float, z: float, w: float, d: float, h: float, c: str) -> str:
        top = f"M{p(x, y, z + h)}L{p(x + w, y, z + h)}L{p(x + w, y + d, z + h)}L{p(x, y + d, z + h)}z"
        left = f"M{p(x, y + d, z)}L{p(x + w, y + d, z)}L{p(x + w, y + d, z + h)}L{p(x, y + d, z + h)}z"
        return (
            path(left, c)
            + path(f"M{p(x + w, y, z)}L{p(x + w, y + d, z)}L{p(x + w, y + d, z + h)}L{p(x + w, y, z + h)}z", dim(c, 0.24))
            + path(top, lit(c, 0.34))
        )

    wood, out = "#b98650", ""
    for y in (-92, -14, 64):
        out += cube(-104, y, 0, 208, 28, 20, dim(wood, 0.2))
    out += cube(-108, -104, 20, 216, 208, 12, wood)
    full = dice.choice([7, 8])
    for k, (z, x, y) in enumerate((z, x, y) for z in (0, 1) for x in (0, 1) for y in (0, 1)):
        if k >= full:
            continue
        x0, y0, z0, c = -98 + x * 99, -96 + y * 98, 32 + z * 98, mix(main, "#b9824a", dice.uniform(0, 0.3))
        out += cube(x0, y0, z0, 96, 94, 94, c)
        m, q = x0 + 40, z0 + 94
        out += path(f"M{p(m, y0, q)}L{p(m + 16, y0, q)}L{p(m + 16, y0 + 94, q)}L{p(m, y0 + 94, q)}z", lit(c, 0.7)) + path(
            f"M{p(m, y0 + 94, q)}L{p(m + 16, y0 + 94, q)}L{p(m + 16, y0 + 94, q - 24)}L{p(m, y0 + 94, q - 24)}z", lit(c, 0.5)
        )
        out += path(
            f"M{p(x0 + 96, y0 + 62, z0 + 20)}L{p(x0 + 96, y0 + 24, z0 + 20)}L{p(x0 + 96, y0 + 24, z0 + 52)}L{p(x0 + 96, y0 + 62, z0 + 52)}z",
            "#f7f1e4",
        ) + path(
            f"M{p(x0 + 96, y0 + 62, z0 + 44)}L{p(x0 + 96, y0 + 24, z0 + 44)}L{p(x0 + 96, y0 + 24, z0 + 52)}L{p(x0 + 96, y0 + 62, z0 + 52)}z", second
        )
    return out
