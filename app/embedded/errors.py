"""The one error of provisioning."""

from __future__ import annotations


class Unavailable(RuntimeError):
    """Something that the machine or the network did not give.

    Its text is the whole message for a person, remedies included: print it after "guatu: " and exit with 1.
    """
