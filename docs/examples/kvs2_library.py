"""pyramid_kvs2, described: ``config.register_session_library(Kvs2Sessions())``."""

import secrets
import time

from pyramid_kvs2.session import CookieSession, SessionBase, SessionFactory
from pyramid_session_multi import CookieAttributes, SessionLibrary

# The session's key for the time of its beginning.
CREATED = "_created"


class Kvs2Sessions(SessionLibrary):
    fix = "give each pyramid_kvs2 factory a key_prefix that no other's begins with"

    def recognizes_factory(self, candidate):
        return isinstance(candidate, SessionFactory)

    def recognizes_session(self, session):
        return isinstance(session, SessionBase)

    def cookie_name(self, factory):  # with session_type "header", key_name is that of headers
        return factory.key_name if factory.session_class is CookieSession else None

    def cookie_attributes(self, factory):
        return CookieAttributes(max_age=factory._client.ttl)

    def unsigned(self, factory):
        return True

    def revives_ended(self, factory):  # it stores what it has loaded
        return True

    # Whatever the server: one has many names.
    def key_tokens(self, factory):
        return (("pyramid_kvs2", factory._client.key_prefix),)

    def came_from_cookie(self, session):
        return bool(self.read(session))  # .new is always False

    def created(self, session):  # its own attribute is always the present moment
        if CREATED not in session._session_data:
            session[CREATED] = time.time()
        return session._session_data[CREATED]

    def read(self, session):  # its own methods take reading for a change
        return {k: v for k, v in session._session_data.items() if k != CREATED}

    def invalidate(self, session):  # its own keeps the id
        if session._session_key:
            session.client.delete(session._session_key)
        if isinstance(session, CookieSession):
            session._session_key = secrets.token_hex(20)
        session.invalidate()
        session[CREATED] = time.time()
