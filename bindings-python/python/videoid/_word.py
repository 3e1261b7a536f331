"""What the words of the service are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from videoid._words import Flow, WayOn


class Word(str):
    """A word of the service or of the library: a `str` with names for the known ones."""

    __slots__ = ()


class StatusWord(Word):
    """What can be said of a status."""

    __slots__ = ()

    def next_steps(self) -> list[str]:
        """The operations that the documents allow next. Advice, not a rule: the server decides. Empty for an unknown word."""
        from videoid import _native

        return _native.status_next_steps(self)

    def ways_on(self, flow: Flow | str) -> list[WayOn]:
        """What can be done for a request of that flow which does not go ahead by itself, the least costly first: after
        VIDEOINCOMPLETE and VIDEOERROR for example. Advice, not a rule. Empty for an unknown word."""
        from videoid import _native

        return _native.status_ways_on(self, flow)

    @property
    def is_final(self) -> bool:
        """Whether nothing more is to be done by the registration authority for the request."""
        from videoid import _native

        return _native.status_is_final(self)
