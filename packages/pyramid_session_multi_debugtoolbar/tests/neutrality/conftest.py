"""The session libraries: creating a factory, and reading its sent and stored data."""

from __future__ import annotations

import base64
import pickle
from contextlib import contextmanager
from urllib.parse import unquote

import pytest
from webob.cookies import SignedSerializer


class Signed:
    def __init__(self, fixtures):
        self.signed = fixtures("signed")

    def make(self, name):
        return self.signed(name, reissue_time=0)

    def read(self, name, value):
        codec = SignedSerializer(f"the secret of {name}", "pyramid.session.", "sha512")
        return codec.loads(value.encode())

    def stored(self):
        return {}

    def fresh(self):
        pass

    @contextmanager
    def commands(self):
        yield []

    def close(self):
        pass


class Redis(Signed):
    """A view of Redis in which ids are numbered in the order of their occurrence."""

    def __init__(self, fixtures):
        self.server = fixtures("redis_server")
        self.client = self.server.client

    def make(self, name):
        from pyramid_session_redis import RedisSessionFactory

        return RedisSessionFactory(
            f"the secret of {name}", cookie_name=name, redis_url=self.server.url
        )

    def fresh(self):
        self.client.flushall()
        self.ids = {}

    def number(self, identity):
        return self.ids.setdefault(identity, len(self.ids))

    def read(self, name, value):
        return self.number(base64.urlsafe_b64decode(value + "==")[64:].decode())

    def stored(self):
        return {
            self.number(key.decode()): (
                pickle.loads(self.client.get(key)),
                round(self.client.ttl(key), -2),
            )
            for key in sorted(self.client.keys())
        }

    def commands(self):
        return self.server.commands()


class BeakerFile(Signed):
    def __init__(self, fixtures):
        self.root = fixtures("tmp_path_factory").mktemp("beaker")

    def fresh(self):
        self.ids = {}

    number = Redis.number

    def make(self, name):
        from pyramid_beaker import BeakerSessionFactoryConfig

        return BeakerSessionFactoryConfig(
            key=name, type="file", data_dir=f"{self.root}", secret=f"the secret of {name}"
        )

    def read(self, name, value):
        return self.number(value[40:])

    def stored(self):
        data_by_number = {}
        for file in sorted(self.root.rglob("*.cache")):
            content = pickle.loads(file.read_bytes())
            data = {k: pickle.loads(base64.b64decode(v)) for k, v in content.items()}
            if file.stem in self.ids:  # the files of other scenarios are there as well
                data_by_number[self.number(file.stem)] = data
        return data_by_number


class BeakerCookie(Signed):
    def __init__(self, fixtures):
        pass

    def make(self, name):
        from pyramid_beaker import BeakerSessionFactoryConfig

        return BeakerSessionFactoryConfig(
            key=name, type="cookie", validate_key=f"the key of {name}", invalidate_corrupt=True
        )

    def read(self, name, value):
        data = pickle.loads(base64.b64decode(unquote(value.strip('"'))[40:]))
        return {k: v for k, v in data.items() if k != "_id"}


@pytest.fixture(scope="module", params=[Signed, Redis, BeakerFile, BeakerCookie])
def library(request):
    """Each session library, and the place of its data."""
    storage = request.param(request.getfixturevalue)
    yield storage
    storage.close()
