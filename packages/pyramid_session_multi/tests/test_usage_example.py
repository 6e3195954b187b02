"""The usage example of ``pyramid_session_multi`` 0.2.4 runs word for word."""

from __future__ import annotations

import textwrap

import pyramid_session_multi
from pyramid.config import Configurator
from pyramid.session import SignedCookieSessionFactory
from webtest import TestApp

USAGE = """\
def main(global_config, **settings):
    config = Configurator(settings=settings)
    config.include('pyramid_session_multi')

    my_session_factory = SignedCookieSessionFactory(
    \t'itsaseekreet', cookie_name='a_session'
    )
    pyramid_session_multi.register_session_factory(
    \tconfig, 'session1', my_session_factory
    )

    my_session_factory2 = SignedCookieSessionFactory(
    \t'esk2', cookie_name='another_session'
    )
    pyramid_session_multi.register_session_factory(
    \tconfig, 'session2', my_session_factory2
    )
    return config.make_wsgi_app()
"""

IN_VIEWS = """\
request.session_multi['session1']['foo'] = "bar"
request.session_multi['session1']['bar'] = "foo"
"""


def test_the_usage_example_runs_word_for_word():
    """As in the README of that release: applications need no change."""
    program = {
        "Configurator": Configurator,
        "SignedCookieSessionFactory": SignedCookieSessionFactory,
        "pyramid_session_multi": pyramid_session_multi,
    }
    view = "def view(request):\n" + textwrap.indent(IN_VIEWS, "    ")
    exec(USAGE + view + "    return {'session1': dict(request.session_multi['session1'])}", program)
    app = program["main"]({})
    config = Configurator(registry=app.registry)
    config.add_view(program["view"], renderer="json")
    config.commit()
    client = TestApp(app)
    answer = client.get("/")
    assert answer.json == {"session1": {"foo": "bar", "bar": "foo"}}
    assert list(client.cookies) == ["a_session"]
