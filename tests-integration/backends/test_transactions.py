"""The data that a session stores if pyramid_tm aborts, as in docs/how-to/transactions.md."""

from __future__ import annotations

from contextlib import suppress

import pytest
from pyramid_retry import RetryableException
from pyramid_session_multi import SessionMultiAuthenticationHelper

IN_THE_COOKIE = ["signed", "signed_cookie", "nacl", "beaker_cookie"]
ON_A_SERVER = ["redis", "beaker_memory", "beaker_file", "beaker_sqlite", "kvs2"]
KINDS = [*IN_THE_COOKIE, *ON_A_SERVER]
ON_EXCEPTION = {
    **dict.fromkeys(["signed", "signed_cookie", "nacl"], "set_on_exception"),
    **dict.fromkeys(["redis", *(k for k in KINDS if "beaker" in k)], "cookie_on_exception"),
}


class Handled(Exception):
    """An exception with an exception view."""


class Unhandled(Exception):
    pass


class FailingDatabase:
    """A data manager whose commit fails."""

    transaction_manager = None

    def ignore(self, transaction):
        pass

    abort = tpc_begin = tpc_vote = tpc_finish = tpc_abort = ignore

    def commit(self, transaction):
        raise Unhandled

    def sortKey(self):  # noqa: N802 - transaction's name
        return "failing"


class SecurityPolicy:
    """The parts of a security policy that pyramid_tm uses."""

    def __init__(self, helper):
        self.authenticated_userid = helper.authenticated_userid


@pytest.fixture
def visitor(build, make, connect):
    """``visitor(kind)``: a client of an application with pyramid_tm, and ``n`` in its session."""

    def visitor(kind, *addons, **options):
        def setup(config):
            for addon in ("pyramid_tm", *addons):
                config.include(addon) if isinstance(addon, str) else addon(config)
            config.add_exception_view(lambda error, request: request.response, context=Handled)

        client = connect(build(a=make(kind, "a", **options), setup=setup), "webtest")
        client.multi(lambda sessions: sessions["a"].update({"n": "old"}))
        return client

    return visitor


def stored(client):
    return client.multi(lambda sessions: sessions["a"].get("n"))


def write(request):
    request.session_multi["a"]["n"] = "new"


def raise_handled(request):
    raise Handled


def raise_unhandled(request):
    raise Unhandled


def doom(request):
    request.tm.doom()
    return request.response


def fail_to_commit(request):
    request.tm.get().join(FailingDatabase())
    return request.response


def after_commit(request, function):
    """As in docs/how-to/transactions.md."""
    request.tm.get().addAfterCommitHook(lambda committed: committed and function(request))


@pytest.fixture
def aborted():
    """``aborted(client, begin, end)``: a request whose transaction is aborted."""

    def aborted(client, begin, end):
        with suppress(Unhandled):
            client.visit(lambda request: begin(request) or end(request))

    return aborted


@pytest.mark.parametrize("end", [raise_handled, doom])
@pytest.mark.parametrize("kind", KINDS)
def test_a_session_is_stored_with_every_response_that_is_sent(visitor, aborted, kind, end):
    """With any outcome of the transaction."""
    client = visitor(kind)
    aborted(client, write, end)
    assert client.status == 200
    assert stored(client) == "new"


@pytest.mark.parametrize("end", [raise_unhandled, fail_to_commit])
@pytest.mark.parametrize("kind", KINDS)
def test_only_redis_stores_a_session_without_a_response(visitor, aborted, kind, end):
    """Others store it in a response callback, and there is no response."""
    client = visitor(kind)
    aborted(client, write, end)
    assert stored(client) == ("new" if kind == "redis" else "old")


@pytest.mark.parametrize("kind", ON_EXCEPTION)
def test_the_option_on_exceptions_does_not_stop_redis_from_storing(visitor, aborted, kind):
    """In pyramid_session_redis it only affects the cookie."""
    client = visitor(kind, **{ON_EXCEPTION[kind]: False})
    aborted(client, write, raise_handled)
    assert stored(client) == ("new" if kind == "redis" else "old")


@pytest.mark.parametrize("kind", ON_EXCEPTION)
def test_the_option_on_exceptions_ignores_a_doomed_transaction(visitor, aborted, kind):
    """There is no exception."""
    client = visitor(kind, **{ON_EXCEPTION[kind]: False})
    aborted(client, write, doom)
    assert stored(client) == "new"


def test_a_session_that_cannot_be_stored_does_not_undo_the_commit(visitor):
    """It is stored after the commit."""
    client, commits = visitor("signed"), []

    def view(request):
        request.tm.get().addAfterCommitHook(commits.append)
        request.session_multi["a"]["n"] = "too long" * 1000
        return request.response

    with pytest.raises(ValueError, match="too long"):
        client.visit(view)
    assert commits == [True]


@pytest.mark.parametrize("kind", KINDS)
def test_a_write_of_an_after_commit_hook_is_stored(visitor, kind):
    client = visitor(kind)
    client.visit(lambda request: after_commit(request, write) or request.response)
    assert stored(client) == "new"


@pytest.mark.parametrize("end", [raise_handled, doom, raise_unhandled, fail_to_commit])
@pytest.mark.parametrize("kind", KINDS)
def test_an_after_commit_hook_writes_nothing_without_a_commit(visitor, aborted, kind, end):
    """Not even to Redis."""
    client = visitor(kind)
    aborted(client, lambda request: after_commit(request, write), end)
    assert stored(client) == "old"


@pytest.mark.parametrize("kind", KINDS)
def test_a_login_in_the_hook_survives_a_discarded_attempt(visitor, kind):
    """``renew`` in the view would end the session before the next attempt begins."""
    client, attempts = visitor(kind, "pyramid_retry"), []

    def login(request):
        request.session_multi.renew("a")["user"] = "ann"

    def view(request):
        after_commit(request, login)
        attempts.append(request.session_multi["a"].get("n"))
        if len(attempts) == 1:
            raise RetryableException
        return request.response

    client.visit(view)
    assert attempts == ["old", "old"]
    assert stored(client) == "old"
    assert client.multi(lambda sessions: sessions["a"].get("user")) == "ann"


@pytest.mark.parametrize("annotate_user", ["true", "false"])
def test_pyramid_tm_opens_the_session_of_the_login_in_every_request(visitor, annotate_user):
    """To record the user with the transaction, unless a setting turns that off."""
    helper = SessionMultiAuthenticationHelper("a")

    def setup(config):
        config.add_settings({"tm.annotate_user": annotate_user})
        config.set_security_policy(SecurityPolicy(helper))

    client = visitor("signed", setup)
    assert client.multi(list) == (["a"] if annotate_user == "true" else [])
