"""Beaker's types of storage: which two are the same, and the packages that they need."""

from __future__ import annotations

import os
from collections.abc import Hashable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from .beaker_options import is_in_cookie

# The module that a type of storage needs, and the distribution that has it.
_PACKAGES = {
    "ext:database": ("sqlalchemy", "SQLAlchemy"),
    "ext:google": ("google.appengine.ext.db", "appengine-python-standard"),
    "ext:mongodb": ("pymongo", "pymongo"),
    "ext:redis": ("redis", "redis"),
    "ext:rediscluster": ("redis", "redis"),
    "ext:sqla": ("sqlalchemy", "SQLAlchemy"),
}

# Beaker tries them in this order.
_MEMCACHED = {
    "cmemcache": "cmemcache",
    "memcache": "python-memcached",
    "bmemcached": "python-binary-memcached",
}

# Drivers of SQLAlchemy whose distribution has another name than their module.
_DRIVERS = {"MySQLdb": "mysqlclient"}

# The option for the directory of a type of storage, if it is not data_dir.
_DIRECTORIES = {"file": "file_dir", "dbm": "dbm_dir"}


def canonical_type(storage_type: object) -> str:
    """The name of a type of storage that Beaker has under two names: ``ext:redis``, ``redis``."""
    long_name = f"ext:{storage_type}"
    is_alias = long_name in _PACKAGES or long_name == "ext:memcached"
    return long_name if is_alias else str(storage_type)


def storage_identity(options: Mapping[str, Any]) -> Hashable | None:
    """A token that is equal if two storages may be the same; ``None``: the data are in the cookie.

    :param options: those of Beaker's sessions and of the storage.
    """
    if is_in_cookie(options):
        return None
    directory = options.get("data_dir")
    storage_type = options.get("type") or ("file" if directory else "memory")
    if storage_type in _DIRECTORIES:
        directory = options.get(_DIRECTORIES[storage_type]) or directory
        return "beaker", storage_type, os.path.realpath(directory or "")
    # Two addresses may lead to one server.
    own_class = options.get("namespace_class")
    is_token = own_class is not None and isinstance(own_class, Hashable)
    return "beaker", own_class if is_token else storage_type


def storage_problem(options: Mapping[str, Any]) -> str | None:
    """The reason why the storage that ``type`` names cannot be used; ``None``: none is known.

    It completes a sentence whose subject is the storage. Nothing is connected to.

    :param options: those of Beaker's sessions and of the storage.
    """
    storage_type = canonical_type(options.get("type"))
    if storage_type == "ext:memcached":
        return _memcached_problem(options.get("memcache_module", "auto"))
    if storage_type in _PACKAGES and not _is_installed(_PACKAGES[storage_type][0]):
        return _not_installed(*_PACKAGES[storage_type])
    if storage_type == "ext:database" and isinstance(options.get("url"), str):
        return _driver_problem(options["url"])
    own_classes = (options.get("namespace_class"), options.get("session_class"))
    if is_in_cookie(options) or not options.get("type") or any(own_classes):
        return None
    return _unknown_type_problem(options["type"])


def _unknown_type_problem(storage_type: object) -> str | None:
    from beaker.cache import clsmap

    try:
        clsmap[storage_type]  # also loads the types of other packages; Beaker has no ``in``
    except (KeyError, TypeError):
        return f"is not one of Beaker's: cookie, {', '.join(clsmap._clsmap)}"
    return None


def _memcached_problem(module: str) -> str | None:
    if module == "auto":
        is_there = any(map(_is_installed, _MEMCACHED))
        return None if is_there else _not_installed("memcache", _MEMCACHED["memcache"])
    if module not in _MEMCACHED:
        return f"needs a memcache_module of Beaker's: auto, {', '.join(_MEMCACHED)}"
    return None if _is_installed(module) else _not_installed(module, _MEMCACHED[module])


def _driver_problem(url: str) -> str | None:
    # The errors are not shown: they may quote the url, which may hold a password.
    engine = import_module("sqlalchemy.engine")
    try:
        dialect = engine.make_url(url).get_dialect()
    except Exception as error:  # noqa: BLE001 - SQLAlchemy's own and those of dialects
        return f"needs a url that SQLAlchemy can use ({type(error).__name__})"
    try:
        dialect.import_dbapi()
    except ImportError as error:
        module = str(error.name)
        return _not_installed(module, _DRIVERS.get(module, module))
    return None


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # a package above it
        return False


def _not_installed(module: str, distribution: str) -> str:
    return f"needs the module {module}, which is not installed: pip install {distribution}"
