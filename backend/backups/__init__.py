"""Backups: one file that holds the whole market, and the way back from it.

The file is a tar: `database.dump` (PostgreSQL's custom format, one snapshot), every picture under `media/`, and `manifest.json`, which
says when it was taken, by which version, and the checksum of everything else. The search index is not inside: it is built anew.
Sessions are not inside either: whoever finds a backup is signed in nowhere, and after a restore everybody signs in again. All else that
people entrusted to the market is: guard the file like the database.
"""


class BackupRefused(Exception):
    """It was not done; the message says why and what to do. Nothing was changed."""
