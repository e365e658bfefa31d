"""The sandbox provider's hosted payment page, played by our own shop window. Not there when real money is taken.

Never touches a payment of ours: it presses the bank's buttons, and the bank tells us by webhook.
"""
