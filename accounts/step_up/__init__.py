"""Is it still you? Knows when a session last proved who it is, and refuses what needs a proof of the last five minutes.

Never asks for a password itself: allauth's pages do, with a passkey or a code where the person has one. Real time counts, never the
simulated clock: a password typed today proves nothing about a person tomorrow, wherever the market's clock stands.
"""
