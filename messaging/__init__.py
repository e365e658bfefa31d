"""Who is told what, and who talks to whom. Carries words, never composes them.

Built: notifications. Still empty: threads (chat; upper rooms register their subjects), live (sockets), broadcast.
"""
