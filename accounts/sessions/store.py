"""Sessions in the database, as Django keeps them; reading one brings the person who signed in with it, and their desks, in the same question."""

from __future__ import annotations

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.users.models import User

_COLUMNS = [field.column for field in User._meta.concrete_fields]
_NAMES = [field.attname for field in User._meta.concrete_fields]
_PERSON = ", ".join(f'u."{column}"' for column in _COLUMNS)
# The name of a session's person stands in allauth's list of sessions; a session that is not listed (yet) comes alone.
_READ = f"""
SELECT s.session_data, s.expire_date,
       ARRAY(SELECT g.name FROM accounts_user_groups ug JOIN auth_group g ON g.id = ug.group_id WHERE ug.user_id = u.id),
       {_PERSON}
  FROM django_session s
  LEFT JOIN usersessions_usersession us ON us.session_key = s.session_key
  LEFT JOIN accounts_user u ON u.id = us.user_id
 WHERE s.session_key = %s AND s.expire_date > %s
"""  # noqa: S608  # our own columns


class SessionStore(db.SessionStore):
    """`person`: whoever the list of sessions names for this one, once it was read. The session's own content decides whether it is true."""

    person: User | None = None

    def _get_session_from_db(self) -> Session | None:
        with connection.cursor() as cursor:
            cursor.execute(_READ, [self.session_key, timezone.now()])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return None
        content, ends, groups, *person = found
        if person[0] is not None:
            self.person = User.from_db(connection.alias, _NAMES, person)
            self.person.groups_read = frozenset(groups)  # type: ignore[attr-defined]  # see accounts.users.queries.group_names_of
        return Session(session_key=self.session_key or "", session_data=content, expire_date=ends)


def person_of(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    """Whoever is signed in: the person that came with the session when it vouches for them, and otherwise whoever Django finds."""
    session = request.session
    claimed = session.get(SESSION_KEY)
    person: User | None = getattr(session, "person", None)
    if claimed is None or person is None or str(person.pk) != claimed or not person.is_active or not session.get(BACKEND_SESSION_KEY):
        return get_user(request)
    if not constant_time_compare(session.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash()):
        return get_user(request)
    return person
