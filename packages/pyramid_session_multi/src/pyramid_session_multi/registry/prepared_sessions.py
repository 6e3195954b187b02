"""Sessions that their library's description prepares as soon as the factory has created them."""

from __future__ import annotations

from typing import Any

from ..libraries.session_library import SessionLibrary
from .inspected_factory import InspectedFactory, SessionFactory


def preparing(inspected: InspectedFactory, name: str) -> SessionFactory:
    """The factory, with sessions that are prepared for their request.

    It is the factory itself if its library prepares nothing.

    :param name: that of the namespace.
    """
    library, factory = inspected.session_library, inspected.factory
    if library is not None and type(library).prepare is SessionLibrary.prepare:
        return factory

    def open_and_prepare(request: Any) -> Any:
        session = factory(request)
        if session is not None:
            inspected.session_library_of(session).prepare(session, request, name)
        return session

    return open_and_prepare
