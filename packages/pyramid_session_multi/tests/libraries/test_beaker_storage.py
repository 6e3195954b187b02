"""Beaker's storages whose package is not installed: an error at start-up, with the command."""

from __future__ import annotations

import sys

import pytest
from beaker.cache import clsmap
from beaker.container import FileNamespaceManager, MemoryNamespaceManager
from pyramid.exceptions import ConfigurationError
from pyramid_beaker import BeakerSessionFactoryConfig
from pyramid_session_multi.libraries import beaker_storage
from pyramid_session_multi.libraries.beaker_storage import storage_problem

SECRET = "hush-hush" * 8

STORAGES = {
    "ext:database": ("sqlalchemy", "SQLAlchemy"),
    "ext:google": ("google.appengine.ext.db", "appengine-python-standard"),
    "ext:memcached": ("memcache", "python-memcached"),
    "ext:mongodb": ("pymongo", "pymongo"),
    "ext:redis": ("redis", "redis"),
    "ext:rediscluster": ("redis", "redis"),
}


@pytest.fixture
def without_packages(monkeypatch):
    """An environment in which no package of a storage is installed."""
    monkeypatch.setattr(beaker_storage, "find_spec", lambda name: None)


each_storage = pytest.mark.parametrize("storage", STORAGES)


@each_storage
@pytest.mark.usefixtures("without_packages")
def test_a_storage_in_the_settings_needs_its_package(registered, words, minimal, storage):
    """Beaker itself would fail in each request."""
    module, distribution = STORAGES[storage]
    options = minimal("memory") | {"type": storage, "url": "x://y"}
    if storage in {"ext:google", "ext:rediscluster"}:
        del options["url"]
    if storage == "ext:rediscluster":
        options["urls"] = "redis://localhost"
    with pytest.raises(ConfigurationError) as caught:
        registered(words(a=options))
    assert str(caught.value) == (
        f"session_multi.a.type is {storage}, which needs the module {module}, which is not "
        f"installed: pip install {distribution}."
    )


@pytest.mark.parametrize("storage", [*STORAGES, "ext:sqla"])
@pytest.mark.usefixtures("without_packages")
def test_a_storage_of_a_factory_needs_its_package(configurator, storage):
    """Also for a factory that the application creates itself."""
    factory = BeakerSessionFactoryConfig(type=storage, secret=SECRET, url="x://y")
    with pytest.raises(ConfigurationError) as caught:
        configurator.register_session_factory("a", factory)
    message = str(caught.value)
    assert "pyramid_beaker.BeakerSessionFactoryConfig of the namespace 'a'" in message
    assert __file__ in message
    assert f"its storage {storage!r} needs the module" in message
    assert "pip install" in message


def test_a_package_in_a_package_that_is_not_installed_is_missing():
    """Python raises the error for the outer package."""
    assert "google.appengine.ext.db" in storage_problem({"type": "ext:google"})


@pytest.mark.parametrize(
    ("storage", "text"),
    [
        ("nosuch", "'nosuch'"),
        ("hush-hush" * 8, "<72 characters, not shown because"),
        (["hush"], "an instance"),
    ],
)
def test_a_factory_with_an_unknown_storage_is_an_error(configurator, storage, text):
    """Beaker would raise a bare KeyError in each request. The message names the known ones."""
    factory = BeakerSessionFactoryConfig(type=storage, secret=SECRET)
    with pytest.raises(ConfigurationError) as caught:
        configurator.register_session_factory("a", factory)
    assert f"its storage {text}" in str(caught.value)
    assert " is not one of Beaker's: cookie, memory, dbm, file, " in str(caught.value)
    assert "hush" not in str(caught.value)


def test_a_storage_of_the_applications_own_is_accepted(configurator, monkeypatch):
    """It is registered with Beaker, or passed to the factory."""
    monkeypatch.setitem(clsmap._clsmap, "own", MemoryNamespaceManager)
    options = {"type": "own", "key": "a", "secret": "a" * 64}
    configurator.register_session_factory("a", BeakerSessionFactoryConfig(**options))
    options = {"type": "nosuch", "key": "b", "secret": "b" * 64}
    options["namespace_class"] = FileNamespaceManager
    configurator.register_session_factory("b", BeakerSessionFactoryConfig(**options))


def test_an_installed_package_is_accepted():
    """The packages in the test environment are installed."""
    for storage in ("memory", "file", "cookie", None, "ext:redis", "ext:sqla", "ext:memcached"):
        assert storage_problem({"type": storage}) is None


def test_beakers_second_name_of_a_storage_means_the_same():
    """Beaker registers some of these names as entry points too."""
    assert "pip install pymongo" in storage_problem({"type": "mongodb"})
    assert "bmemcached" in storage_problem({"type": "memcached", "memcache_module": "bmemcached"})


@pytest.mark.parametrize("module", ["memcache", "bmemcached"])
def test_the_module_for_memcached_is_the_one_that_is_named(module):
    """Other memcached modules do not count."""
    problem = storage_problem({"type": "ext:memcached", "memcache_module": module})
    assert (problem is None) == (module == "memcache")
    assert problem is None or "pip install python-binary-memcached" in problem


def test_an_unknown_module_for_memcached_is_an_error():
    """Beaker would raise a bare KeyError in each request."""
    problem = storage_problem({"type": "ext:memcached", "memcache_module": "memcached"})
    assert "auto, cmemcache, memcache, bmemcached" in problem


@pytest.mark.parametrize("scheme", ["postgres", "nonsense+nothing"])
def test_a_url_without_a_dialect_is_an_error(scheme):
    """SQLAlchemy removed ``postgres://`` in 1.4. The password is not shown."""
    problem = storage_problem({"type": "ext:database", "url": f"{scheme}://u:hush@h/d"})
    assert problem == "needs a url that SQLAlchemy can use (NoSuchModuleError)"


def test_a_database_needs_its_driver(monkeypatch):
    """SQLAlchemy imports it when it creates the engine, in a request."""
    monkeypatch.setitem(sys.modules, "MySQLdb", None)
    problem = storage_problem({"type": "ext:database", "url": "mysql+mysqldb://u:hush@h/d"})
    assert problem == "needs the module MySQLdb, which is not installed: pip install mysqlclient"


MISTAKES = {
    "its secret holds surrogates": {"secret": "\udcff" * 64},
    "Beaker takes a secret as a str": {"secret": SECRET.encode()},
    "Beaker takes cookie_expires as a timedelta": {"secret": SECRET, "cookie_expires": 300},
}


@pytest.mark.parametrize(("problem", "options"), MISTAKES.items(), ids=MISTAKES)
def test_a_factory_that_would_fail_in_each_request_is_an_error(configurator, problem, options):
    """Beaker reads its options when the first session is opened."""
    factory = BeakerSessionFactoryConfig(type="memory", **options)
    with pytest.raises(ConfigurationError, match=problem) as caught:
        configurator.register_session_factory("a", factory)
    assert "hush" not in str(caught.value)
