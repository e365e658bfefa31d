"""Toys, tools, the garden, the desk and the tea table."""

from __future__ import annotations

from random import Random

from backend.demo.pictures.brush import box, dim, disc, lit, mix, path, rect, solid, stroke, turn, within

BEECH, PORCELAIN, STEEL = "#d9ab73", "#f6efe2", "#c9ccd4"


def train(dice: Random, main: str, second: str) -> str:
    """A wooden engine with one wagon."""

    def wheel(x: float, radius: float = 34) -> str:
        return (
            disc(x, 490 - radius, radius, dim(BEECH, 0.42))
            + disc(x, 490 - radius, radius * 0.8, second)
            + disc(x, 490 - radius, radius * 0.24, lit(second, 0.6))
        )

    smoke = "".join(disc(142 + k * 26, 190 - k * 30, 15 + k * 6, "#ffffff", fill_opacity=0.55 - k * 0.1) for k in range(dice.choice([2, 3])))
    chimney = solid("M128 316L120 246H164L156 316z", dim(main, 0.22), 150, 134, 3) + rect(112, 230, 60, 20, 9, second)
    dome = path("M196 312a24 26 0 0 1 48 0z", lit(second, 0.1))
    bands = rect(170, 300, 13, 110, 0, lit(main, 0.5)) + rect(220, 300, 13, 110, 0, lit(main, 0.5))
    boiler = solid(
        box(98, 306, 176, 98, 46), main, 262, None, 4, bands + rect(90, 300, 200, 18, 0, lit(main, 0.2)) + rect(90, 384, 200, 30, 0, dim(main, 0.16))
    )
    lamp = disc(100, 352, 13, "#fff0c4") + disc(100, 352, 8, "#f6c95c")
    cab = (
        solid(box(252, 244, 92, 164, 8), lit(main, 0.1), 318, 264, 3)
        + rect(270, 266, 56, 54, 10, dim(main, 0.5))
        + path("M270 306L312 266h14v10L276 320h-6z", "#ffffff", fill_opacity=0.18)
    )
    roof = solid(box(236, 222, 124, 28, 13), second, 330, 256, 2)
    plank = solid(box(88, 400, 268, 36, 12), BEECH, 330, 108, 2)
    wagon = solid(box(392, 404, 136, 32, 11), BEECH, 506, 408, 2) + solid(box(400, 350, 120, 58, 8), lit(second, 0.06), 494, 414, 2)
    load = (
        solid(box(410, 302, 46, 50, 6), "#f2c14e", 444, 418, 2)
        + path("M462 350L488 298L514 350z", main)
        + path("M488 298L514 350H496z", dim(main, 0.2))
    )
    hook = stroke("M356 420H392", dim(BEECH, 0.5), 9)
    return (
        smoke
        + chimney
        + dome
        + hook
        + load
        + wagon
        + boiler
        + lamp
        + cab
        + roof
        + plank
        + wheel(144)
        + wheel(226, 28)
        + wheel(306)
        + wheel(424, 28)
        + wheel(496, 28)
    )


def toolbox(dice: Random, main: str, second: str) -> str:
    """An open tote with the tools of a patient person."""
    hammer = (
        solid(box(172, 176, 22, 200, 8), BEECH, 188, 177, 1)
        + solid("M138 152H214Q232 152 232 170V186H196L190 196H172L166 186H138z", STEEL, 206, 150, 6)
        + rect(134, 148, 16, 42, 5, dim(STEEL, 0.3))
    )
    driver = rect(271, 250, 12, 120, 3, STEEL) + solid(
        box(259, 152, 36, 112, 14), second if dice.random() < 0.5 else "#e0603f", 284, 265, 2, rect(259, 232, 40, 10, 0, "#2b2c3c")
    )
    wrench = turn(
        solid(box(338, 210, 30, 170, 6), dim(STEEL, 0.12), 358, 342, 1)
        + path("M322 206q-6-52 24-58v38h14v-38q30 6 24 58q-4 20-31 20t-31-20z", STEEL)
        + path("M360 186v-38q30 6 24 58q-4 20-24 20z", dim(STEEL, 0.2)),
        7,
        353,
        300,
    )
    rule = turn(
        solid(
            box(414, 166, 34, 210, 4),
            "#f2c14e",
            440,
            None,
            1,
            "".join(rect(414, 178 + k * 16, 18 if k % 2 else 11, 3, 0, "#5a4316") for k in range(11)),
        ),
        -6,
        431,
        300,
    )
    ends = solid("M104 350V268Q104 254 116 244L132 226H158V350z", dim(main, 0.12), 148, 112, 3) + solid(
        "M496 350V268Q496 254 484 244L468 226H442V350z", dim(main, 0.24), 470, None, 3
    )
    bar = solid(box(112, 222, 376, 24, 12), second, 470, 130, 2, rect(100, 236, 400, 20, 0, dim(second, 0.2)))
    front = solid(
        box(88, 336, 424, 154, 16), main, 470, 116, 14, rect(80, 336, 440, 12, 0, lit(main, 0.34)) + rect(80, 462, 440, 30, 0, dim(main, 0.2))
    )
    latches = "".join(solid(box(x, 346, 46, 60, 8), STEEL, x + 34, x + 8, 2) + rect(x + 14, 384, 18, 9, 4, dim(STEEL, 0.5)) for x in (166, 388))
    plate = rect(256, 378, 88, 40, 10, dim(main, 0.24)) + rect(256, 374, 88, 40, 10, lit(main, 0.2))
    return hammer + driver + wrench + rule + ends + front + latches + plate + bar


def watering(dice: Random, main: str, second: str) -> str:
    """A watering can, sometimes with a tulip in it."""
    flower = ""
    if dice.random() < 0.6:
        bloom = mix(second, "#e0603f", 0.5)
        flower = (
            stroke("M330 310Q338 220 322 160", "#3f8a5c", 9)
            + path("M330 262Q382 240 388 184Q340 200 330 262z", "#4f9d6a")
            + path("M288 112q16-4 20 14q10-30 20-32q10 10 14 32q10-16 22-10q6 58-36 62q-44-6-40-66z", bloom)
            + path("M328 94q10 10 14 32q10-16 22-10q6 58-36 62z", dim(bloom, 0.16))
        )
    handle = stroke("M404 326Q500 296 500 372Q498 440 414 456", dim(main, 0.2), 20) + stroke("M408 318Q494 290 493 368", lit(main, 0.12), 7)
    arch = stroke("M244 312Q246 214 320 214T396 312", dim(second, 0.06), 19) + stroke("M246 300Q252 222 318 211", lit(second, 0.3), 5)
    spout = solid("M232 404L108 240L84 262L214 468z", dim(main, 0.05), 168, 118, -90)
    rose = turn(
        solid(box(52, 236, 92, 28, 9), second, 122, 66, 1)
        + disc(98, 236, 50, lit(second, 0.32), 13)
        + "".join(disc(98 + x, 236 + y, 3.4, dim(second, 0.5)) for x, y in ((-28, 0), (-12, -4), (-12, 4), (6, -5), (6, 5), (24, -2), (22, 4))),
        -38,
        98,
        250,
    )
    ribs = rect(190, 354, 240, 12, 0, lit(main, 0.4)) + rect(190, 366, 240, 6, 0, dim(main, 0.24)) + rect(190, 452, 240, 10, 0, dim(main, 0.2))
    body = solid("M214 312H406L424 474Q426 490 408 490H212Q194 490 196 474z", main, 374, 238, -8, ribs)
    rim = disc(310, 312, 97, dim(main, 0.5), 17) + path("M213 312a97 17 0 0 0 194 0v9a97 17 0 0 1-194 0z", lit(main, 0.35))
    return (
        handle
        + spout
        + rose
        + (disc(310, 312, 97, dim(main, 0.5), 17))
        + flower
        + body
        + (rim if not flower else path("M213 312a97 17 0 0 0 194 0v9a97 17 0 0 1-194 0z", lit(main, 0.35)))
        + arch
    )


def laptop(dice: Random, main: str, second: str) -> str:
    """An open laptop, its screen a landscape."""
    far = mix(second, "#5a4fc0", 0.55)
    sky = rect(120, 130, 360, 250, 0, second) + path("M120 130h220L190 380h-70z", "#ffffff", fill_opacity=0.12)
    if dice.random() < 0.5:
        scene = disc(384, 214, 36, "#fff3d0") + disc(190, 396, 150, far, 116) + disc(404, 408, 150, dim(far, 0.3), 104)
    else:
        scene = (
            disc(226, 206, 32, "#fff3d0")
            + path("M120 380L238 236L330 340L398 262L486 360V390H120z", far)
            + path("M120 390L238 236L270 390z", dim(far, 0.22))
            + path("M398 262L486 360V390H430z", dim(far, 0.22))
        )
    lid = (
        solid(box(120, 128, 360, 268, 18), main, 470, None, 0)
        + rect(128, 136, 344, 248, 11, "#171822")
        + within(box(138, 148, 324, 224, 4), sky + scene)
        + disc(300, 142, 2.6, "#5d6076")
    )
    hinge = rect(176, 386, 248, 14, 6, dim(main, 0.5))
    base = solid("M122 394H478L536 470Q538 482 524 482H76Q62 482 64 470z", lit(main, 0.14), 500, 106, 60)
    keys = ""
    for row in range(4):
        top, left, right = 404 + row * 12.5, 138 - row * 9, 462 + row * 9
        step = (right - left) / 13
        keys += "".join(rect(left + step * k + 1.6, top, step - 3.2, 8.8, 2, dim(main, 0.62)) for k in range(13))
    pad = path("M252 458H348L353 478H247z", dim(main, 0.1))
    lip = path("M64 474Q64 490 82 490H518Q536 490 536 474Q534 482 524 482H76Q66 482 64 474z", dim(main, 0.3)) + rect(
        266, 481, 68, 5, 2.5, dim(main, 0.5)
    )
    return lid + hinge + base + keys + pad + lip


def tea(dice: Random, main: str, second: str) -> str:
    """A tin of tea and a covered cup."""
    sprig = (
        path("M214 398C176 378 176 330 214 304C252 330 252 378 214 398z", main)
        + path("M214 398C252 378 252 330 214 304z", dim(main, 0.2))
        + stroke("M214 412V322", lit(main, 0.5), 4)
    )
    sprig += turn(path("M214 412Q172 412 164 380Q204 372 214 412z", lit(main, 0.14)), 0) + path(
        "M214 412Q256 412 264 380Q224 372 214 412z", dim(main, 0.1)
    )
    label = rect(100, 282, 230, 148, 0, "#f6eedd") + rect(100, 282, 230, 7, 0, second) + rect(100, 423, 230, 7, 0, second) + sprig
    tin = solid(box(126, 214, 176, 276, 14), main, 262, 156, 3, label + rect(258, 282, 60, 148, 0, "#1c1740", fill_opacity=0.16))
    lid = solid(box(120, 180, 188, 64, 14), dim(main, 0.12), 266, 152, 3, rect(110, 228, 210, 18, 0, dim(main, 0.35)))
    steam = "".join(stroke(f"M{x} 296Q{x - 18} 268 {x} 242T{x} 190", "#ffffff", 8, stroke_opacity=0.5) for x in (dice.choice([(398,), (384, 420)])))
    wave = path("M300 426q16-15 32 0t32 0t32 0t32 0t32 0t32 0v14H300z", second)
    saucer = solid("M304 464H500Q484 490 446 490H358Q320 490 304 464z", PORCELAIN, 456, 330, 4, rect(290, 464, 230, 7, 0, lit(second, 0.3)))
    bowl = solid("M326 384H480Q480 468 424 470H382Q326 468 326 384z", PORCELAIN, 444, 350, 8, wave)
    cover = (
        solid("M338 384Q342 338 403 334Q464 338 468 384z", lit(PORCELAIN, 0.2), 436, 362, 6, rect(330, 374, 150, 4, 0, second))
        + rect(390, 312, 26, 24, 9, PORCELAIN)
        + rect(386, 310, 34, 9, 4, dim(PORCELAIN, 0.1))
    )
    leaves = "".join(
        turn(disc(x, y, 15, dim(main if x > 500 else second, 0.1), 5), degrees, x, y)
        for x, y, degrees in ((86, 486, -20), (108, 478, 30), (526, 484, 14))
    )
    return steam + leaves + lid + tin + saucer + bowl + cover
