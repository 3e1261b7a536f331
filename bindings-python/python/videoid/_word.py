"""What the words of the service are made of."""

from __future__ import annotations


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

    @property
    def is_final(self) -> bool:
        """Whether nothing more is to be done by the registration authority for the request."""
        from videoid import _native

        return _native.status_is_final(self)
