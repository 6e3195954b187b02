"""The double obeys the laws of ``request.session_multi`` in the core's own tests."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from pyramid_session_multi_testing import DummySessionMulti

_FILE = Path(__file__).parents[2] / "pyramid_session_multi" / "tests" / "request" / "test_laws.py"
_SPEC = spec_from_file_location("session_multi_laws", _FILE)
laws = module_from_spec(_SPEC)
_SPEC.loader.exec_module(laws)


class TestDouble(laws.SessionMultiLaws):
    """``DummySessionMulti`` with initial data and a refused namespace."""

    @pytest.fixture
    def session_multi(self):
        return DummySessionMulti({"a": laws.INCOMING, "b": {}, "c": laws.INCOMING}, refused=["c"])


class TestFixture(laws.SessionMultiLaws):
    """The fixture, overridden to refuse a namespace."""

    @pytest.fixture
    def session_multi_namespaces(self):
        return {"a": laws.INCOMING, "b": {}, "c": laws.INCOMING}

    @pytest.fixture
    def session_multi(self, session_multi_namespaces):
        return DummySessionMulti(session_multi_namespaces, refused=iter("c"))
