"""The interfaces of the registry, of ``request.session_multi`` and of an observer."""

from __future__ import annotations

from pyramid.interfaces import IDict
from zope.interface import Attribute, Interface


class IRegisteredNamespaces(Interface):
    """Read-only queries of the registered namespaces; results are copies."""

    namespaces = Attribute("All namespaces in their order of registration: a new list of str.")
    discriminators = Attribute("The namespaces that have a discriminator: a new list of str.")
    namespaces_to_cookienames = Attribute(
        "Namespace to cookie name, ``None`` if the name is not known: a new dict."
    )

    def has_namespace(namespace):
        """True if the namespace is registered."""

    def get_namespace_config(namespace):
        """The session factory of the namespace, or ``None``."""

    def get_namespace_cookiename(namespace):
        """The name of the namespace's cookie, or ``None``."""

    def get_namespace_discriminator(namespace):
        """The discriminator of the namespace, or ``None``."""


class ISessionMultiManagerConfig(IRegisteredNamespaces):
    """The registry of namespaces: one utility per application."""

    observer = Attribute("An :class:`ISessionMultiObserver`, or ``None``.")

    def register_session_factory(
        namespace, session_factory, discriminator=None, cookie_name=None, *, lifetime=None
    ):
        """Register at once, without a Pyramid action. Applications use the directive instead."""


class ISessionMultiManager(IRegisteredNamespaces, IDict):
    """``request.session_multi``: the sessions requested so far, by namespace."""

    request = Attribute("The request.")
    view_contract = Attribute("The ViewContract of the request's view, or ``None``.")

    def has_cookie(namespace):
        """True if the request has the namespace's cookie; ``None`` if its name is unknown."""

    def discriminator_result(namespace):
        """The discriminator's result for this request; ``None`` if it has not run."""

    def peek(namespace):
        """The data that the request's cookie holds for the namespace, read without opening it."""

    def invalidate(namespace=None):
        """Invalidate a namespace, or all that are open or may have data."""

    def renew(namespace, keep=None):
        """Give the namespace a new id and a new CSRF token, as a login must."""


class ISessionMultiObserver(Interface):
    """Notified when a namespace is opened for the first time in a request.

    A registry has at most one observer. It runs inside the application's own access, so an
    exception it raises breaks the request.
    """

    def opening(request, namespace):
        """The namespace was requested; its discriminator and factory have not run yet."""

    def opened(request, namespace, session):
        """The factory returned the session."""

    def refused(request, namespace):
        """The discriminator refused the namespace for this request."""

    def failed(request, namespace, exception):
        """The discriminator or the factory raised; the next access will try again.

        After ``opened``: a finished callback of the session raised, so it may not be stored.
        """
