"""For the test-suites of applications that use ``pyramid_session_multi``.

A double of ``request.session_multi`` for unit tests, pytest fixtures around it, and helpers that
read and edit the real sessions in a WebTest client's cookie jar.
"""
