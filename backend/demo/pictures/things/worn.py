"""What people wear."""

from __future__ import annotations

from random import Random

from backend.demo.pictures.brush import brightness, dim, disc, lit, path, rect, solid, stroke, turn


def sneakers(dice: Random, main: str, second: str) -> str:
    def shoe(main: str, second: str) -> str:
        up = "M124 428C112 372 122 322 138 286Q144 272 160 280Q192 306 226 288L262 250Q274 240 288 250L384 338Q410 352 450 356Q512 362 516 428z"
        parts = (
            path("M118 428Q110 360 138 286q40 60 22 142z", second)
            + path("M402 430Q404 372 432 350Q524 352 524 430z", lit(second, 0.12) if main[1] in "ef" else "#f6f1e6")
            + stroke("M206 420Q250 380 268 330M250 424Q290 388 306 350", second, 17)
        )
        laces = "".join(stroke(f"M{278 + k * 27} {282 + k * 24}l-34 26", second if main[1] in "ef" else "#f8f3e8", 10) for k in range(4))
        sole = solid(
            "M112 420H516Q530 424 530 446Q530 476 502 476H134Q106 476 108 446z", "#faf6ec", 470, None, 10, rect(100, 462, 440, 20, 0, second)
        )
        return solid(up, main, 452, None, 20, parts) + path("M270 246q12-14 30-2l22 22-30 22z", lit(second, 0.35)) + laces + sole

    return f'<g transform="translate(66 -10) scale(.9)">{shoe(dim(main, 0.16), dim(second, 0.16))}</g><g transform="translate(-16 14)">{shoe(main, second)}</g>'


def jacket(dice: Random, main: str, second: str) -> str:
    rib = dim(main, 0.35)
    arm = "M{0} 176Q{1} 190 {2} 250L{3} 424L{4} 440L{5} 300z"
    left, right = arm.format(226, 176, 158, 118, 174, 232), arm.format(374, 424, 442, 482, 426, 368)
    cuffs = turn(rect(112, 424, 64, 26, 9, rib), 15, 144, 436) + turn(rect(424, 424, 64, 26, 9, dim(rib, 0.2)), -15, 456, 436)
    body = solid("M222 176Q300 210 378 176L392 300V470H208V300z", main, 350, 226, 6, rect(200, 456, 200, 40, 0, rib))
    lapels = (
        path("M240 168L300 214L262 262L222 182z", lit(second, 0.12))
        + path("M360 168L300 214L338 262L378 182z", second)
        + path("M258 166Q300 190 342 166L300 214z", "#f3eadb")
    )
    snaps = "".join(disc(309, q, 5, lit(second, 0.5)) for q in range(286, 450, 42))
    pockets = "".join(rect(x, 352, 54, 58, 8, dim(main, 0.14)) + path(f"M{x - 3} 350h60v16l-30 14l-30-14z", dim(main, 0.28)) for x in (226, 320))
    hook = stroke("M300 158V134Q300 118 314 114T322 88T298 86", "#7b7d88", 6)
    return (
        hook
        + solid(left, lit(main, 0.07), 210, 150, 30)
        + solid(right, dim(main, 0.1), 450, None, 30)
        + cuffs
        + body
        + stroke("M300 214V468", dim(main, 0.4), 4)
        + snaps
        + pockets
        + lapels
    )


def watch(dice: Random, main: str, second: str) -> str:
    steel = dice.choice(["#d9d7d2", "#d9b36a"])
    strap = solid(
        "M250 206L260 66Q262 50 278 50H322Q338 50 340 66L350 206z", second, 326, 268, 2, rect(254, 110, 100, 4, 0, dim(second, 0.3))
    ) + solid(
        "M250 394L262 536Q264 552 280 552H320Q336 552 338 536L350 394z",
        second,
        326,
        268,
        -2,
        "".join(disc(300, y, 5, dim(second, 0.5)) for y in (452, 480, 508)),
    )
    case = rect(428, 282, 24, 36, 7, dim(steel, 0.25)) + "".join(
        disc(300, 300, q, c) for q, c in ((134, dim(steel, 0.3)), (130, steel), (112, dim(steel, 0.4)), (108, main))
    )
    dark = brightness(main) < 380
    ink = "#f6efe0" if dark else "#2a2733"
    marks = "".join(rect(296.5, 206, 7, 22 if k % 3 == 0 else 12, 3, ink, transform=f"rotate({k * 30} 300 300)") for k in range(12))
    t, sub = dice.randint(0, 11), disc(300, 350, 27, dim(main, 0.12) if not dark else lit(main, 0.14)) + stroke("M300 350l10-16", ink, 3)
    hands = (
        turn(rect(295, 240, 10, 66, 5, ink), t * 30 + 5, 300, 300)
        + turn(rect(296.5, 212, 7, 94, 3.5, ink), (t * 30 + 60) % 360, 300, 300)
        + turn(rect(298.7, 206, 2.6, 112, 1, "#e0603f"), 200, 300, 300)
    )
    return (
        strap
        + case
        + path("M300 192a108 108 0 0 0-108 108h60a250 250 0 0 1 120-81a108 108 0 0 0-72-27z", "#ffffff", fill_opacity=0.16)
        + marks
        + sub
        + hands
        + disc(300, 300, 8, "#e0603f")
    )
