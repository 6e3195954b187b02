"""The toolbar's protocol, and nothing else.

What ``__init__``, ``wrap_handler`` and ``process_response`` raise would break the application's
request; what the others raise, the page of every panel. So none of them raises.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from html import escape
from threading import Lock
from typing import Any

from pyramid.request import Request
from pyramid.response import Response
from pyramid_debugtoolbar.panels import DebugPanel

from .collecting import collect, interrupted
from .configuration import Configuration, configuration_of
from .ending import Ended
from .faults import Faults
from .naming import type_name
from .observation import Observation, begin
from .observer import observer_of
from .report import Report
from .rows import make_report

# How often another callback may be let through: one that always comes back has to be outlived.
_PATIENCE = 8

# Two may look at the same page at once.
_MAKING = Lock()


class SessionMultiDebugPanel(DebugPanel):
    """Every named session of a request: configuration, values in and out, lost writes."""

    name = "session_multi"
    title = "SessionMulti"
    nav_title = "SessionMulti"
    template = "pyramid_session_multi_debugtoolbar:templates/session_multi.dbtmako"
    has_content = True
    user_activate = True

    def __init__(self, request: Request) -> None:
        self._faults = Faults()
        self._observation: Observation | None = None
        self._ended: Ended | None = None
        self._made: Report | None = None
        self._patience = _PATIENCE
        with self._faults.caught("beginning"):
            self._begin(request)

    def _begin(self, request: Request) -> None:
        observation = begin(request, self._faults)
        if observation is None:
            return
        self._observation = observation
        request.add_response_callback(partial(self._note_response, observation))
        request.add_finished_callback(partial(self._finish, observation))
        observer = observer_of(observation.namespaces)
        if observer is not None:
            observation.decoder_of = observer.decoder_of
            observer.watch(request, observation)

    def wrap_handler(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        """The first moment at which the toolbar has said whether the panel is activated.

        The handler stays as it is: one more frame would show in the toolbar's tracebacks.
        """
        if self._observation is not None:
            self._observation.activated = bool(self.is_active)
        return handler

    def process_response(self, response: Response) -> None:
        """Cookies are not written yet, but an exception is on its way to the toolbar's page."""
        error = sys.exc_info()[1]
        observation = self._observation
        if observation is not None and error is not None and error is not observation.around:
            observation.replaced = type_name(type(error))

    def _note_response(
        self, observation: Observation, request: Request, response: Response
    ) -> None:
        # The one that is sent: an outer tween may have replaced that of process_response.
        with self._faults.caught("looking at the response"):
            observation.responded(request, response)

    def _finish(self, observation: Observation, request: Request) -> None:
        with self._faults.caught("looking at the request"):
            if request.finished_callbacks and self._patience:
                # Sessions are stored by finished callbacks that came later. Should one of them
                # raise, nothing more will be heard of the request.
                if self._patience == _PATIENCE:
                    self._ended = interrupted(request, observation)
                self._patience -= 1
                request.add_finished_callback(partial(self._finish, observation))
                return
            self._ended = collect(request, observation)
        self._observation = None
        with self._faults.caught("forgetting the request"):
            observer = observer_of(observation.namespaces)
            if observer is not None:
                observer.forget(request)

    # The page

    @property
    def report(self) -> Report | None:
        """What is shown of the request, made when it is first asked for; ``None``: it runs yet."""
        with _MAKING:
            ended, self._ended = self._ended, None
            if ended is not None:
                with self._faults.caught("making the page"):
                    self._made = make_report(ended, self._faults)
            return self._made

    @property
    def nav_subtitle(self) -> str:
        """Opened and registered namespaces, as in ``2/3``."""
        report = self.report
        return "" if report is None else f"{report.opened}/{len(report.rows)}"

    @property
    def nav_subtitle_style(self) -> str:
        """Red on a failure, amber on a lost write; red wins."""
        report = self.report
        styles = []
        if report is not None and report.lost:
            styles.append("progress-bar-warning")
        if report is not None and report.failed:
            styles.append("progress-bar-danger")
        return " ".join(styles)

    def render_vars(self, request: Request) -> dict[str, Any]:
        """What the template shows."""
        faults = Faults()
        configuration: Configuration | None = None
        with faults.caught("describing the configuration"):
            configuration = configuration_of(request.registry.parent_registry)
        return {
            "report": self.report,
            "configuration": configuration,
            "faults": [*self._faults.lines, *faults.lines],
        }

    def render_content(self, request: Request) -> str:
        """The panel's HTML."""
        try:
            content: str = super().render_content(request)
        except Exception as error:  # noqa: BLE001 - the other panels are on the same page
            content = (
                '<div class="alert alert-danger">This panel cannot be shown: '
                f"{escape(type_name(type(error)))}.</div>"
            )
        return content
