"""Backups: one file that holds the whole market, and the way back from it.

The file is a tar: `database.dump` (PostgreSQL's custom format, one snapshot), every picture under `media/`, and `manifest.json`, which
says when it was taken, by which version, and the checksum of everything else. The search index is not inside: it is built anew.
Secrets are not inside either: whoever finds a backup cannot sign in with it.
"""


class BackupRefused(Exception):
    """It was not done; the message says why and what to do. Nothing was changed."""
