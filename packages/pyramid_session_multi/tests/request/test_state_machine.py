"""A state machine: whatever a browser and its requests do, a simple model predicts the outcome.

A rule adds one operation to the request that is being composed. ``new_request`` sends them all to
a view, which carries them out in one request, and compares the outcomes with the model's.
"""

from __future__ import annotations

import copy
import json
import os
import re

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from pyramid.config import Configurator
from pyramid.session import SignedCookieSessionFactory
from webtest import TestApp

NAMESPACES = ["one", "two", "unnamed"]  # the cookie name of the last one is not known
SWITCHES = ["refuses", "factory fails", "discriminator fails"]


class Failure(Exception):
    """The exception of a factory or discriminator that fails on demand."""


# The application


def make_application(switches):
    config = Configurator()
    config.include("pyramid_session_multi")
    for name in NAMESPACES:
        config.register_session_factory(name, *_callables(name, switches[name]))
    config.add_view(
        lambda request: [operate(request.session_multi, *step) for step in request.json],
        renderer="json",
    )
    config.registry.switches = switches
    return config.make_wsgi_app()


def _callables(name, switches):
    # reissue_time=None: otherwise reading sets a cookie in each new second
    signed = SignedCookieSessionFactory(f"secret {name}", cookie_name=name, reissue_time=None)
    hidden = [signed]

    def factory(request):
        _fail_if(switches, "factory fails")
        return signed(request)

    def factory_of_unknown_make(request):
        _fail_if(switches, "factory fails")
        return hidden[0](request)

    def discriminator(request):
        _fail_if(switches, "discriminator fails")
        return "refuses" not in switches

    return (factory_of_unknown_make if name == "unnamed" else factory), discriminator


def _fail_if(switches, switch):
    if switch in switches:
        raise Failure(switch)


def operate(m, operation, *arguments):
    try:
        return OPERATIONS[operation](m, *arguments)
    except ExceptionGroup as group:
        return {"failed": sorted(map(str, group.exceptions))}
    except Failure as error:
        return {"failed": [str(error)]}
    except (AttributeError, LookupError, TypeError) as error:
        return {"raised": type(error).__name__}


def _flip(m, name, switch):
    m.request.registry.switches[name] ^= {switch}


def _write(m, name, key, value):
    m[name][key] = value


OPERATIONS = {
    "flip": _flip,
    "ask": lambda m, name: m[name] is not None,
    "get": lambda m, name: m.get(name, "default") is not None,
    "get unregistered": lambda m: [m.get("nobody's"), m.get("nobody's", "default")],
    "ask unregistered": lambda m: m["nobody's"],
    "read": lambda m, name: m[name] if m[name] is None else dict(m[name]),
    "write": _write,
    "peek": lambda m, name: m.peek(name),
    "has_cookie": lambda m, name: m.has_cookie(name),
    "look": lambda m: [
        len(m),
        [[n, s is None] for n, s in m.items()],
        [n in m for n in NAMESPACES],
    ],
    "invalidate": lambda m: m.invalidate(),
    "renew": lambda m, name, keep: dict(m.renew(name, keep)),
}


# The model


class Model:
    def __init__(self):
        self.switches = {name: set() for name in NAMESPACES}
        self.cookies = {}
        self.tokens = 0
        self.begin_request()

    def begin_request(self):
        self.incoming = copy.deepcopy(self.cookies)
        self.asked_for = {}
        self.verdicts = {}
        self.changed = set()

    def end_request(self):
        for name in self.changed:
            self.cookies[name] = self.asked_for[name]
        self.begin_request()

    def expect(self, operation, *arguments):
        try:
            return getattr(self, operation.replace(" ", "_"))(*arguments)
        except Failure as failure:
            return {"failed": [str(failure)]}

    def flip(self, name, switch):
        self.switches[name] ^= {switch}

    def _admits(self, name):
        if name not in self.verdicts:
            _fail_if(self.switches[name], "discriminator fails")
            self.verdicts[name] = "refuses" not in self.switches[name]
        return self.verdicts[name]

    def _session(self, name):
        if name not in self.asked_for:
            if self._admits(name):
                _fail_if(self.switches[name], "factory fails")
                self.asked_for[name] = copy.deepcopy(self.incoming.get(name, {}))
            else:
                self.asked_for[name] = None
        return self.asked_for[name]

    def ask(self, name):
        return self._session(name) is not None

    get = ask

    def get_unregistered(self):
        return [None, "default"]

    def ask_unregistered(self):
        return {"raised": "UnregisteredSession"}

    def read(self, name):
        return copy.deepcopy(self._session(name))

    def write(self, name, key, value):
        if self._session(name) is None:
            return {"raised": "TypeError"}
        self.asked_for[name][key] = value
        self.changed.add(name)
        return None

    def peek(self, name):
        if not self._admits(name) or name == "unnamed" or name not in self.incoming:
            return None
        _fail_if(self.switches[name], "factory fails")
        return copy.deepcopy(self.incoming[name])

    def has_cookie(self, name):
        return None if name == "unnamed" else name in self.incoming

    def look(self):
        asked_for = [[name, session is None] for name, session in self.asked_for.items()]
        return [len(asked_for), asked_for, [name in self.asked_for for name in NAMESPACES]]

    def invalidate(self):
        failures = []
        for name in NAMESPACES:
            if name in self.asked_for or name == "unnamed" or name in self.incoming:
                try:
                    if self._session(name) is not None:
                        self.asked_for[name].clear()
                        self.changed.add(name)
                except Failure as failure:
                    failures.append(str(failure))
        return {"failed": sorted(failures)} if failures else None

    def renew(self, name, keep):
        session = self._session(name)
        if session is None:
            return {"raised": "RefusedSession"}
        for key in session.keys() - (session.keys() if keep is None else set(keep)):
            del session[key]
        self.tokens += 1
        session["_csrft_"] = f"token {self.tokens}"
        self.changed.add(name)
        return copy.deepcopy(session)


# The machine

namespaces = st.sampled_from(NAMESPACES)
keys = st.sampled_from(["x", "y"])
keeps = st.none() | st.lists(st.sampled_from(["x", "y", "_csrft_"]), unique=True)


class SessionMultiMachine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.model = Model()
        self.client = TestApp(make_application({name: set() for name in NAMESPACES}))
        self.steps = []
        self.expected = []
        self.tokens = {}

    def do(self, *step):
        self.steps.append(step)
        self.expected.append(self.model.expect(*step))

    @rule(name=namespaces, switch=st.sampled_from(SWITCHES))
    def flip(self, name, switch):
        self.do("flip", name, switch)

    @rule(operation=st.sampled_from(["ask", "get", "read", "peek", "has_cookie"]), name=namespaces)
    def ask_about_one(self, operation, name):
        self.do(operation, name)

    @rule(operation=st.sampled_from(["get unregistered", "ask unregistered", "look"]))
    def ask_about_all(self, operation):
        self.do(operation)

    @rule(name=namespaces, key=keys, value=st.integers(0, 9))
    def write(self, name, key, value):
        self.do("write", name, key, value)

    @rule()
    def invalidate(self):
        self.do("invalidate")

    @rule(name=namespaces, keep=keeps)
    def renew(self, name, keep):
        self.do("renew", name, keep)

    @rule()
    def new_request(self):
        answer = self.client.post_json("/", self.steps).text
        outcomes = json.loads(re.sub("[0-9a-f]{40}", self._number, answer))
        for step, outcome, expected in zip(self.steps, outcomes, self.expected, strict=True):
            assert outcome == expected, step
        self.steps, self.expected = [], []
        self.model.end_request()

    def _number(self, token):
        """The model's number for a CSRF token: each is new when it is created."""
        return self.tokens.setdefault(token[0], f"token {len(self.tokens) + 1}")

    def teardown(self):
        self.new_request()


def test_a_model_predicts_every_outcome():
    """Opening, writing, refusing, failing, ending, renewing and peeking, in any order."""
    run_state_machine_as_test(
        SessionMultiMachine,
        settings=settings(
            deadline=None,
            derandomize=bool(os.environ.get("CI")),
            max_examples=100,
            stateful_step_count=40,
        ),
    )
