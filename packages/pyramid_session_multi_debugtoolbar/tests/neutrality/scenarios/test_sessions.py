"""The panel changes nothing, for any use of sessions."""

from __future__ import annotations

from contextlib import suppress

import pytest


def questions(m, request):
    m["b"]
    return [
        "a" in m, "b" in m, len(m), list(m), list(m.keys()), [*map(bool, m.values())],
        [k for k, v in m.items()], repr(m), str(m), sorted(dict(m)), m.namespaces, m == {},
    ]  # fmt: skip


def read(m, request):
    return m["a"].get("x"), m["a"]["x"], "x" in m["a"], m.get("a")["x"], sorted(m["a"].keys())


def write(m, request):
    m["a"]["y"] = 2
    m["b"]["z"] = m["a"]["x"]


def in_place(m, request):
    m["a"]["nested"]["list"].append(4)


def flash(m, request):
    m["a"].flash("hello")
    m["a"].flash("hello", queue="other")
    return m["a"].pop_flash(), m["a"].peek_flash("other")


def token(m, request):
    m["a"].new_csrf_token()
    return m["a"].get_csrf_token() == m["a"].get_csrf_token()


def invalidate_and_write(m, request):
    m["a"].invalidate()
    m["a"]["new"] = 1


def failures(m, request):
    seen = []
    for name in ("broken_factory", "broken_discriminator", "broken_factory"):
        try:
            m[name]
        except OSError as error:
            seen.append(str(error))
    return seen, m["refused"], m.get("refused"), len(m), m["a"]["x"]


def peek(m, request):
    return m.has_cookie("a"), m.peek("a")["x"], m.peek("refused"), len(m), m["b"]["x"]


def mutators(m, request):
    for attempt in (lambda: m.update(a=1), m.clear, lambda: m.pop("a"), m.copy):
        with suppress(ValueError, TypeError):
            attempt()
            return "changed"
    return m["a"]["x"], len(m)


def attempts(function):
    """The exception of each attempt."""
    try:
        function()
    except Exception as error:  # noqa: BLE001 - compared
        return sorted(map(str, getattr(error, "exceptions", [error])))


def told(m, request):
    in_place(m, request)
    m["a"].changed()


SCENARIOS = {
    "no access": (lambda m, request: None, "received"),
    "questions": (questions, "received"),
    "peek": (peek, "received"),
    "mutators": (mutators,),
    "open only": (lambda m, request: m["a"] is m["a"],),
    "read": (read,),
    "write": (write,),
    "in-place change": (in_place,),
    "in-place change, told": (told,),
    "flash": (flash,),
    "csrf token": (token,),
    "clear": (lambda m, request: [m["a"].pop(k) for k in list(m["a"].keys())],),
    "invalidate one": (lambda m, request: m["a"].invalidate(),),
    "invalidate one and write": (invalidate_and_write,),
    "invalidate all": (lambda m, request: attempts(m.invalidate),),
    "renew": (lambda m, request: m.renew("a") is m["a"],),
    "renew, keeping some": (lambda m, request: m.renew("a", keep=["x"]) is m["a"],),
    "refused and failing": (failures,),
}


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_it_changes_nothing(scenario, unchanged):
    """Neither the response, nor the stored data, nor the application's view of its sessions."""
    unchanged(*scenario)
