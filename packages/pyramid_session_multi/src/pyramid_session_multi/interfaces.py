"""The contracts: what is registered, what a request sees, who may watch."""

from __future__ import annotations

from pyramid.interfaces import IDict
from zope.interface import Attribute, Interface


class IRegisteredNamespaces(Interface):
    """Questions about what is registered. No answer can be used to change the registry."""

    namespaces = Attribute("All namespaces in their order of registration: a new list of str.")
    discriminators = Attribute("The namespaces that have a discriminator: a new list of str.")
    namespaces_to_cookienames = Attribute(
        "Namespace to cookie name, ``None`` where the name is not known: a new dict."
    )

    def has_namespace(namespace):
        """Is this namespace registered?"""

    def get_namespace_config(namespace):
        """The session factory of the namespace, or ``None``."""

    def get_namespace_cookiename(namespace):
        """The name of the namespace's cookie, or ``None``."""

    def get_namespace_discriminator(namespace):
        """The discriminator of the namespace, or ``None``."""


class ISessionMultiManagerConfig(IRegisteredNamespaces):
    """The registry of namespaces: one utility in each application's registry."""

    observer = Attribute("An :class:`ISessionMultiObserver`, or ``None``.")

    def register_session_factory(namespace, session_factory, discriminator=None, cookie_name=None):
        """Register at once, past Pyramid's actions. Applications use the directive instead."""


class ISessionMultiManager(IRegisteredNamespaces, IDict):
    """``request.session_multi``: the sessions that were asked for in this request."""

    request = Attribute("The request.")

    def has_cookie(namespace):
        """Did the request bring the namespace's cookie? ``None``: its name is not known."""

    def discriminator_result(namespace):
        """What the discriminator said of this request; ``None``: it was not asked."""

    def peek(namespace):
        """What the request's cookie holds for the namespace, read without opening it."""

    def invalidate(namespace=None):
        """Invalidate a namespace, or all: those opened, or whose cookie may have come."""

    def renew(namespace, keep=None):
        """A new id and a new CSRF token for the namespace: what a login must do."""


class ISessionMultiObserver(Interface):
    """Told what happens when a namespace is opened for the first time in a request.

    At most one to a registry. It runs inside the application's own access, so what it raises
    breaks the request.
    """

    def opening(request, namespace):
        """The namespace was asked for; its discriminator and factory have not run yet."""

    def opened(request, namespace, session):
        """The factory made the session."""

    def refused(request, namespace):
        """The discriminator refused the namespace for this request."""

    def failed(request, namespace, exception):
        """The discriminator or the factory raised. The next access will try again."""
