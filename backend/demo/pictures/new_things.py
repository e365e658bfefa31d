"""Laptops, wooden trains, toolboxes, watering cans, tea."""

from __future__ import annotations

from random import Random

from backend.demo.pictures.brush import box, clip_name, dim, disc, leg, lit, mix, path, rect, solid, stroke, turn


def laptop(r: Random, a: str, b: str) -> str:
    """Open, front on, a landscape on the screen."""
    clip, sky = clip_name(), lit(b, 0.35)
    sun = disc(r.choice([236, 356]), 250, 30, "#fff3d0")
    hills = disc(232, 420, 130, b, 92) + disc(392, 430, 128, dim(b, 0.28), 112)
    glare = path("M164 178h118L188 372h-24z", "#ffffff", opacity=0.14)
    lid = solid(box(140, 156, 320, 236, 20), a, 438, 152, 6) + rect(156, 172, 288, 200, 8, "#1b1c28")
    screen = f'<clipPath id="{clip}"><path d="{box(162, 178, 276, 188, 5)}"/></clipPath><g clip-path="url(#{clip})">' + rect(162, 178, 276, 188, 0, sky) + sun + hills + glare + "</g>"
    deck = solid("M132 390H468L520 470H80z", lit(a, 0.12), 448, 160, -60)
    keys = "".join(
        path(f"M{x - row * 3.4:.1f} {402 + row * 12}h{15 + row * 0.4:.1f}l{1.2:.1f} 8h-{16.4 + row * 0.4:.1f}z", dim(a, 0.42))
        for row in range(4)
        for x in (158 + k * (19.4 + row * 0.5) for k in range(15))
    )
    pad = path("M262 452h76l5 15h-86z", dim(a, 0.16))
    edge = solid("M80 470H520Q528 472 526 480Q522 492 508 492H92Q78 492 74 480Q72 472 80 470z", a, 470, None, 4, rect(60, 486, 480, 8, 0, dim(a, 0.3)))
    return lid + screen + rect(284, 384, 32, 8, 3, dim(a, 0.4)) + deck + keys + pad + edge + path("M272 470h56q-2 9-12 9h-32q-10 0-12-9z", dim(a, 0.24))


def _wheel(x: float, y: float, q: float, c: str) -> str:
    return disc(x, y, q, dim(c, 0.34)) + disc(x - 2, y - 2, q - 5, c) + disc(x - 3, y - 3, q - 14, lit(c, 0.28)) + disc(x - 2, y - 2, 6, dim(c, 0.5))


def train(r: Random, a: str, b: str) -> str:
    """A wooden engine and one wagon on a piece of track."""
    wood, load = "#d8a468", r.choice(["#6d8f86", "#e9c46a", "#d98e9a"])
    track = rect(60, 478, 480, 16, 8, dim(wood, 0.12)) + "".join(rect(x, 482, 30, 12, 4, dim(wood, 0.34)) for x in range(84, 520, 66))
    boiler = solid(box(102, 306, 178, 92, 46), a, 250, 132, 8, rect(158, 296, 14, 112, 0, lit(b, 0.2)) + rect(214, 296, 14, 112, 0, lit(b, 0.2)))
    chimney = solid("M136 314V262h-10q-10-2-8-14l4-18h68l4 18q2 12-8 14h-10v52z", b, 172, 140, 4) + disc(156, 232, 34, dim(b, 0.35), 7)
    cab = solid(box(256, 246, 98, 152, 12), a, 330, 266, 4) + rect(278, 276, 52, 52, 10, "#fdf3dc") + path("M278 318l42-42h10v10l-42 42h-10z", "#ffffff", opacity=0.6) + solid(box(242, 228, 126, 28, 13), b, 346, 252, 2)
    base = solid(box(92, 392, 272, 34, 12), wood, 338, 102, 4) + disc(96, 410, 14, dim(a, 0.2)) + disc(93, 407, 9, lit(a, 0.25))
    hook = stroke("M364 410h40", dim(b, 0.4), 9) + disc(384, 410, 8, "#c9c7cf")
    cargo = "".join(disc(x, y, 25, c, 25) + disc(x - 6, y - 7, 8, lit(c, 0.45)) for x, y, c in ((436, 346, load), (484, 348, mix(load, "#b9653c", 0.35)), (460, 322, lit(load, 0.2))))
    wagon = solid("M396 344H524L514 398H406z", b, 492, 414, 6) + solid(box(392, 392, 136, 34, 12), wood, 504, 402, 4)
    wheels = _wheel(144, 446, 38, b) + _wheel(236, 446, 38, b) + _wheel(322, 446, 38, b) + _wheel(426, 452, 30, a) + _wheel(496, 452, 30, a)
    return track + hook + cargo + wagon + chimney + boiler + cab + base + wheels


def toolbox(r: Random, a: str, b: str) -> str:
    """An open box with a handle; a hammer, a screwdriver and a spanner look out."""
    steel = "#c9ccd4"
    hammer = turn(solid("M290 176h20l6 190h-32z", "#c98d58", 306, 292, 2) + solid("M246 140h96q16 0 18 14v24q-4 8-14 8H258q-14 0-28-20q6-22 16-26z", "#6c7182", 336, 256, 6) + rect(338, 140, 22, 46, 5, dim("#6c7182", 0.3)), -17, 300, 360)
    spanner = turn(stroke("M410 220V380", steel, 24) + disc(410, 194, 38, steel) + path("M394 146h32v50q-16 10-32 0z", "none") + path("M396 140h28v56h-28z", dim(a, 0.05), opacity=0) + disc(410, 190, 17, dim(steel, 0.35)) + stroke("M404 226V372", lit(steel, 0.5), 5), 15, 410, 380)
    driver = turn(stroke("M346 226V370", steel, 11) + solid(box(326, 130, 40, 104, 17), b, 354, 334, 2, "".join(rect(x, 146, 5, 72, 2, dim(b, 0.25)) for x in (338, 350))) + rect(330, 226, 32, 14, 5, dim(b, 0.35)), r.choice([-2, 4]), 346, 380)
    ruler = turn(solid(box(196, 214, 34, 150, 5), "#f2d68a", 222, 202, 2, "".join(rect(196, y, 14 if k % 2 else 20, 4, 1, "#7a5a2c") for k, y in enumerate(range(226, 360, 14)))), -26, 214, 360)
    handle = stroke("M214 320V292Q214 270 238 270H362Q386 270 386 292V320", dim(a, 0.5), 17) + rect(250, 259, 100, 23, 11, b) + rect(258, 264, 84, 6, 3, lit(b, 0.35))
    back = rect(120, 316, 360, 60, 10, dim(a, 0.45))
    body = solid("M112 338H488L478 482Q477 492 466 492H134Q123 492 122 482z", a, 440, 140, 12, rect(100, 338, 400, 22, 0, lit(a, 0.14)) + rect(100, 470, 400, 30, 0, dim(a, 0.28)))
    latches = "".join(rect(x, 352, 46, 50, 8, dim(steel, 0.1)) + rect(x + 8, 362, 30, 20, 5, lit(steel, 0.4)) + rect(x + 14, 386, 18, 8, 3, dim(steel, 0.4)) for x in (172, 382))
    label = rect(252, 404, 96, 42, 8, lit(b, 0.2)) + rect(266, 416, 68, 6, 3, dim(b, 0.2)) + rect(266, 430, 44, 6, 3, dim(b, 0.2))
    return ruler + hammer + spanner + driver + back + handle + body + latches + label


def watering(r: Random, a: str, b: str) -> str:
    """A can with a long spout, a bow handle and a rose."""
    spout = solid("M346 424L478 246L504 264L398 478z", dim(a, 0.06), 470, 372, -60) + stroke("M392 392L420 424", dim(a, 0.3), 9)
    rose = turn(solid(box(450, 222, 84, 30, 12), b, 514, 462, 3) + path("M470 250h44l-8 22h-28z", dim(b, 0.15)) + "".join(disc(x, 230, 3.4, dim(b, 0.55)) for x in range(464, 528, 13)), 37, 492, 248)
    bow = stroke("M176 318C150 170 330 150 352 300", dim(b, 0.12), 19) + stroke("M178 300C168 190 318 170 344 276", lit(b, 0.25), 4)
    grip = stroke("M170 336C74 330 84 462 172 448", dim(b, 0.24), 19)
    bands = rect(140, 352, 260, 10, 0, dim(a, 0.2)) + rect(140, 446, 260, 10, 0, dim(a, 0.2)) + rect(140, 346, 260, 6, 0, lit(a, 0.4))
    body = solid("M168 308H364L378 478Q378 492 362 492H170Q154 492 154 478z", a, 326, 192, 10, bands)
    mouth = disc(266, 308, 98, dim(a, 0.4), 19) + disc(266, 311, 86, dim(a, 0.62), 13) + path("M168 308q0-19 98-19q60 0 84 8q-20-2-84-2q-84 0-84 13z", lit(a, 0.3))
    drops = "".join(path(f"M{x} {y}q-9 14 0 19q9-5 0-19z", "#8fc3df") for x, y in ((536, 290), (548, 330), (524, 346))) if r.random() < 0.5 else ""
    return grip + bow + spout + rose + body + mouth + drops


def tea(r: Random, a: str, b: str) -> str:
    """A gaiwan with its lid ajar, one cup, and a tin behind."""
    leaf = path("M402 316q26-40 62-34q-4 40-62 34zM402 316q-24-22-48-10q14 24 48 10z", lit(b, 0.42)) + stroke("M402 316q30-20 50-28", lit(b, 0.62), 3)
    tin = solid(box(338, 216, 142, 270, 16), b, 440, 358, 6, rect(330, 270, 160, 92, 0, lit(b, 0.14)) + rect(330, 236, 160, 6, 0, dim(b, 0.3))) + solid(box(346, 184, 126, 44, 14), dim(b, 0.12), 436, 364, 4) + leaf
    rim = mix(b, "#3e5c94", 0.4)
    saucer = solid("M86 470H356Q350 492 318 492H124Q92 492 86 470z", a, 306, 110, 4, rect(80, 470, 280, 5, 0, rim))
    bowl = solid("M112 344H330Q330 430 276 470H166Q112 430 112 344z", a, 280, 148, 14, stroke("M120 362H322", rim, 5) + disc(180, 414, 9, rim) + disc(204, 424, 6, rim) + disc(160, 426, 5, rim))
    inside = disc(221, 345, 108, dim(a, 0.16), 18) + disc(221, 349, 94, r.choice(["#c98f3c", "#a9b564", "#b5633a"]), 12)
    lid = turn(solid("M132 318Q136 268 221 262Q306 268 310 318Q268 334 221 334T132 318z", a, 272, 158, 12, stroke("M142 314Q182 326 221 326T300 314", rim, 4)) + solid("M200 266q-4-24 21-24t21 24z", a, 230, 206, 2), r.choice([-5, 6]), 221, 316)
    cup = solid("M404 412H516Q516 462 486 484H434Q404 462 404 412z", lit(a, 0.3), 488, 424, 6, rect(396, 418, 130, 5, 0, rim)) + disc(460, 412, 55, dim(a, 0.16), 9) + disc(460, 414, 47, "#c9a24e", 6)
    steam = "".join(stroke(f"M{x} 232q-14-22 0-42t0-42", "#ffffff", 7, opacity=0.35) for x in (196, 240))
    return steam + tin + saucer + bowl + inside + lid + cup


__all__ = ["laptop", "leg", "tea", "toolbox", "train", "watering"]
