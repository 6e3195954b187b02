"""The toolbar's protocol, and nothing else.

No method raises. An exception in ``__init__``, ``wrap_handler`` or ``process_response`` would break
the application's request; an exception in another method would break the page of every panel.
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

from .end.collect import collect, collect_interrupted
from .end.finished_request import FinishedRequest
from .observe.observation import Observation, start_observing
from .observe.observer import observer_of
from .page.build_report import build_report
from .page.namespace_table import NamespaceTable, namespace_table
from .page.report import Report
from .panel_errors import PanelErrors
from .safe.error_text import error_text
from .safe.names import type_name

# The number of times we re-queue ourselves behind other finished callbacks. Bounded, since another
# callback may re-queue itself forever.
_MAX_REQUEUES = 8

# Two people may look at the same page at once.
_REPORT_LOCK = Lock()


class SessionMultiDebugPanel(DebugPanel):
    """Every named session of a request: configuration, values in and out, lost writes."""

    name = "session_multi"
    title = "SessionMulti"
    nav_title = "SessionMulti"
    template = "pyramid_session_multi_debugtoolbar:page/session_multi.dbtmako"
    has_content = True
    user_activate = True

    def __init__(self, request: Request) -> None:
        self._errors = PanelErrors()
        self._observation: Observation | None = None
        self._finished: FinishedRequest | None = None
        self._report: Report | None = None
        self._requeues_left = _MAX_REQUEUES
        with self._errors.guard("starting"):
            self._start(request)

    def _start(self, request: Request) -> None:
        observation = start_observing(request, self._errors)
        if observation is None:
            return
        self._observation = observation
        request.add_response_callback(partial(self._on_response, observation))
        request.add_finished_callback(partial(self._on_finished, observation))
        observer = observer_of(observation.config)
        if observer is not None:
            observer.watch(request, observation)

    def wrap_handler(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        """Record if the panel is activated, which the toolbar has not decided before this call.

        The handler is returned unchanged: one more frame would show in the toolbar's tracebacks.
        """
        if self._observation is not None:
            self._observation.activated = bool(self.is_active)
        return handler

    def process_response(self, response: Response) -> None:
        """Record an exception that the toolbar is about to answer with its own page.

        The response's cookies are not written yet.
        """
        error = sys.exc_info()[1]
        observation = self._observation
        if observation is None or error is None or error is observation.outer_exception:
            return
        with self._errors.guard("looking at an exception"):
            observation.toolbar_exception = error_text(error)

    def _on_response(self, observation: Observation, request: Request, response: Response) -> None:
        # The response that is sent: an outer tween may have replaced that of process_response.
        with self._errors.guard("looking at the response"):
            observation.response_created(request, response)

    def _on_finished(self, observation: Observation, request: Request) -> None:
        with self._errors.guard("looking at the request"):
            if request.finished_callbacks and self._requeues_left:
                # Finished callbacks that were added later store sessions. If one of them raises, we
                # are not called again.
                if self._requeues_left == _MAX_REQUEUES:
                    self._finished = collect_interrupted(request, observation)
                self._requeues_left -= 1
                request.add_finished_callback(partial(self._on_finished, observation))
                return
            self._finished = collect(request, observation)
        self._observation = None
        with self._errors.guard("forgetting the request"):
            observer = observer_of(observation.config)
            if observer is not None:
                observer.forget(request)

    # The page

    @property
    def report(self) -> Report | None:
        """The report of the request, built on first use; ``None`` while the request runs."""
        with _REPORT_LOCK:
            finished, self._finished = self._finished, None
            if finished is not None:
                with self._errors.guard("building the page"):
                    self._report = build_report(finished, self._errors)
            return self._report

    @property
    def nav_subtitle(self) -> str:
        """Opened and registered namespaces, as in ``2/3``."""
        report = self.report
        return "" if report is None else f"{report.opened}/{len(report.rows)}"

    @property
    def nav_subtitle_style(self) -> str:
        """Red on a failure; amber on a lost write, a rejected cookie, or too many bytes."""
        report = self.report
        if report is None:
            return ""
        styles = {"progress-bar-warning": report.has_warnings, "progress-bar-danger": report.failed}
        return " ".join(style for style, applies in styles.items() if applies)

    def render_vars(self, request: Request) -> dict[str, Any]:
        """The variables of the template."""
        errors = PanelErrors()
        configuration: NamespaceTable | None = None
        with errors.guard("describing the configuration"):
            configuration = namespace_table(request.registry.parent_registry, errors)
        return {
            "report": self.report,
            "configuration": configuration,
            "errors": [*self._errors.lines, *errors.lines],
        }

    def render_content(self, request: Request) -> str:
        """The panel's HTML."""
        try:
            content: str = super().render_content(request)
        except Exception as error:  # noqa: BLE001 - the page has other panels, too
            content = (
                '<div class="alert alert-danger">This panel cannot be shown: '
                f"{escape(type_name(type(error)))}.</div>"
            )
        return content
