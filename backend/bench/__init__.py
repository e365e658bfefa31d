"""How fast the market is on this machine, in CPU time: `./souk bench`.

Owns: a throw-away folder with its own database and servers, a shelf of real or made-up goods, eight clients, and the scales.
Never does: touch the market's own data, or serve anything of its own from the market's addresses (the yardstick has a server of its own).
"""
