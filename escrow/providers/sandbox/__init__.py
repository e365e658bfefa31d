"""A payment provider in a box: no money, no network, the same manners. The embedded default, and the villain of our tests.

Keeps its own tables and its own balance, charges its own fees, settles late, signs its webhooks and delivers them to our door.
Its switches make it decline, repeat, delay and lose messages, and act without answering. Knows nothing of the rest of the house.
"""
