"""Claims: only one thread opens a namespace, and the others wait for it."""

from __future__ import annotations

import pytest
from pyramid_session_multi import RecursiveOpening
from pyramid_session_multi.request.opening_claims import claim, wait_for

OTHER_THREAD = -1  # an ident that no thread has


class OpenAtSecondLook(list):
    """The open namespaces, among which another thread puts the name after the first look."""

    looks = 0

    def __contains__(self, name):
        self.looks += 1
        return self.looks > 1


def test_a_namespace_that_is_open_needs_no_wait():
    claims = {"a": OTHER_THREAD}
    wait_for(claims, "a", ["a"])
    assert claims == {"a": OTHER_THREAD}


def test_a_namespace_that_another_thread_opens_meanwhile_is_not_claimed():
    claims = {"a": OTHER_THREAD}
    assert not claim(claims, "a", OpenAtSecondLook())
    assert claims == {"a": OTHER_THREAD}


def test_a_thread_that_finishes_before_it_is_waited_for_is_not_waited_for():
    """Its claim is gone, or its session is there."""

    class Gone(OpenAtSecondLook):
        def __contains__(self, name):
            claims.pop(name, None)
            return False

    claims = {"a": OTHER_THREAD}
    wait_for(claims, "a", Gone())
    assert claims == {None: []}


def test_a_namespace_is_not_opened_from_within_its_opening():
    claims = {}
    assert claim(claims, "a", [])
    with pytest.raises(RecursiveOpening, match="'a'"):
        claim(claims, "a", [])
