"""Members: who works for a vendor, in which role, and what the role allows.

`Member.role` is the truth; the django-guardian rows are derived from it in one operation (operations.derive) and never written
anywhere else. A vendor always has an owner. Announces member_joined, member_left.
"""
