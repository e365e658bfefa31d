"""Returns: goods travel back, and the buyer gets the money or the same thing in another variant.

Owns who may send what back until when, where to, who pays for the way, what came back and in what shape. Moves no money itself: before the
release it asks the hold to wait and to refund, afterwards it asks for a late refund; a dispute that opens takes the return over.
Announces return_moved. Never judges: what both sides cannot settle goes to the dispute or to the desk.
"""
