"""Real requests show which sessions accept another's cookies, as in docs/reference/replay.md."""

from itertools import product
from pathlib import Path

import pytest
from pyramid.exceptions import ConfigurationError
from redis import Redis
from webob.cookies import SignedSerializer

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/replay.md"

NAMES = {
    "signed": "Pyramid, signed",
    "unsigned": "Pyramid, unsigned",
    "signed_cookie": "`signed_cookie`",
    "nacl": "pyramid_nacl_session",
    "redis": "pyramid_session_redis",
    "beaker_memory": "Beaker, memory",
    "beaker_file": "Beaker, file",
    "beaker_sqlite": "Beaker, database",
    "beaker_cookie": "Beaker, cookie",
    "kvs2": "pyramid_kvs2",
}

# The results for another session's cookie.
READS, TAKES_ID, NOTHING = "reads", "id", "·"

SAME = {}
OTHER_KEY = {"key": "another"}

# kind: the difference between its two factories
DIFFERENT = [
    ("signed", "the secret", OTHER_KEY),
    ("signed", "the salt", {"salt": "b\0"}),
    ("signed", "the timeout", {"timeout": 60}),
    ("signed_cookie", "only the namespace", SAME),
    ("nacl", "the key", OTHER_KEY),
    ("redis", "the secret", OTHER_KEY),
    ("redis", "the salt of a cookie_signer", "signer"),
    ("redis", "the prefix of the ids", {"id_generator": lambda: "b:0123456789"}),
    ("redis", "the database on the server", "database"),
    ("beaker_file", "the secret", OTHER_KEY),
    ("beaker_file", "the directory", "directory"),
    ("beaker_memory", "nothing; both have no secret", "no secret"),
    ("beaker_cookie", "the validate_key", OTHER_KEY),
    ("kvs2", "the key_prefix", OTHER_KEY),
    ("kvs2", "the database on the server", "database"),
]

pytestmark = pytest.mark.filterwarnings("ignore:Invalidating corrupt:RuntimeWarning:beaker\\.")


@pytest.fixture(scope="module")
def replay(build, connecting):
    """``replay(make_a, make_b)``: b's data for a's cookie, and if start-up refuses the pair."""

    def starts(settings, makers):
        return build(settings, a=makers[0](), b=makers[1]())

    def replay(*makers):
        try:
            starts({}, makers)
            refused = False
        except ConfigurationError:
            refused = True
        with connecting(starts({"session_multi.isolation": "off"}, makers), "webtest") as owner:
            owner.multi(lambda m: m["a"].update({"who": "ann"}))
            other = owner.stranger(b=owner.cookies["a"])
            if other.multi(lambda m: m["b"].get("who")) == "ann":
                return READS, refused
            other.multi(lambda m: m["b"].update({"lang": "fr"}))
            assert other.multi(lambda m: m["b"].get("lang")) == "fr"
            return TAKES_ID if other.cookies["b"] == owner.cookies["a"] else NOTHING, refused

    return replay


@pytest.fixture(scope="module")
def same_key(replay, make_for_module):
    """The cookies of every library on every library, with one secret and one storage."""
    make = make_for_module
    return {
        (a, b): replay(lambda a=a: make(a, "a", "shared"), lambda b=b: make(b, "b", "shared"))
        for a, b in product(NAMES, NAMES)
    }


@pytest.fixture(scope="module")
def one_difference(replay, make_for_module, redis_server, tmp_path_factory):
    """Two factories of one library with one difference."""

    def options(kind, difference, name):
        if difference == "signer":
            signer = SignedSerializer("k" * 64, f"{name}\0")
            return {"cookie_signer": signer, "secret": None}
        if difference == "directory":
            return {"data_dir": str(tmp_path_factory.mktemp(name))}
        if difference == "no secret":
            return {"secret": None}
        if difference == "database":
            where = {"unix_socket_path": redis_server.socket, "db": "ab".index(name)}
            if kind == "kvs2":
                return {"kvs_kwargs": where}
            return {"redis_client_callable": lambda request, **_: Redis(**where)}
        return difference if name == "b" else SAME

    def make(kind, difference, name):
        chosen = {"key": "shared", **options(kind, difference, name)}
        return lambda: make_for_module(kind, name, **chosen)

    return [
        (NAMES[kind], what, *replay(make(kind, how, "a"), make(kind, how, "b")))
        for kind, what, how in DIFFERENT
    ]


def cell(outcome, refused):
    return f"**{outcome}**" if refused else outcome


def table(same_key):
    numbers = range(1, len(NAMES) + 1)
    yield "| the cookie of \\ sent to | " + " | ".join(map(str, numbers)) + " |"
    yield "|---|" + ":-:|" * len(NAMES)
    for number, (a, name) in zip(numbers, NAMES.items(), strict=True):
        yield f"| {number} {name} | " + " | ".join(cell(*same_key[a, b]) for b in NAMES) + " |"


def differences(one_difference):
    yield "| two factories of | that differ in | the other's cookie | the application |"
    yield "|---|---|---|---|"
    for library, what, outcome, refused in one_difference:
        yield f"| {library} | {what} | {outcome} | {'is refused' if refused else 'starts'} |"


def test_the_page_in_docs_has_the_measured_tables(request, capsys, same_key, one_difference):
    """``--update-docs`` writes them."""
    old = page = PAGE.read_text()
    for name, lines in [("same", table(same_key)), ("different", differences(one_difference))]:
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
        head, rest = page.split(begin)
        page = head + begin + "\n".join(lines) + "\n" + end + rest.split(end)[1]
    if request.config.getoption("--update-docs"):
        PAGE.write_text(page)
        with capsys.disabled():
            print(f"\n{page}")  # noqa: T201 - it was asked for
    else:
        assert page == old, "scripts/test tests-integration/backends/test_replay.py --update-docs"


def test_no_pair_that_reads_the_others_data_starts(same_key, one_difference):
    """By default, start-up refuses every pair that accepts the other's cookies."""
    outcomes = [*same_key.items(), *((o[:2], o[2:]) for o in one_difference)]
    assert [pair for pair, (outcome, _) in outcomes if outcome == READS]
    assert [p for p, (outcome, refused) in outcomes if outcome == READS and not refused] == []


def test_pairs_are_refused_in_both_directions_or_in_none(same_key):
    """The order of registration does not matter."""
    assert all(same_key[a, b][1] == same_key[b, a][1] for a, b in same_key)


def test_only_beaker_is_refused_although_nothing_would_be_read(same_key):
    """Beaker signs ids and cookies alike, for every storage: see docs/reference/replay.md."""
    cautious = {pair for pair, (outcome, _) in same_key.items() if outcome != READS}
    cautious &= {pair for pair, (_, refused) in same_key.items() if refused}
    beaker = [kind for kind in NAMES if kind.startswith("beaker")]
    assert cautious == {(a, b) for a, b in product(beaker, beaker) if a != b}
    into_cookies = {same_key[a, b][0] for a, b in cautious if b == "beaker_cookie"}
    onto_servers = {same_key[a, b][0] for a, b in cautious if b != "beaker_cookie"}
    assert (into_cookies, onto_servers) == ({NOTHING}, {TAKES_ID})
