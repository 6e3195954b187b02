"""The panel of the Pyramid debug toolbar that shows every named session of a request.

It observes the sessions of ``pyramid_session_multi`` without opening, renewing or changing them.
"""
