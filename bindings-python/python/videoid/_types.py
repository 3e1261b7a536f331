"""Names for types that many signatures share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from os import PathLike
from typing import TYPE_CHECKING, BinaryIO, Optional, Union

from typing import TypeAlias

if TYPE_CHECKING:
    from videoid._native import CancelToken, Source

ProgressCallback: TypeAlias = Union[Callable[[int, int], object], bool]
"""Called with the bytes so far and in all. `True` shows a bar of tqdm where that is installed, and nothing where it is not."""

SourceLike: TypeAlias = "Union[str, PathLike[str], bytes, bytearray, memoryview, BinaryIO, Source]"
"""Where the bytes of an image or a video come from."""

Duration: TypeAlias = "Union[float, timedelta]"
"""Seconds or a `timedelta`."""

Options: TypeAlias = "tuple[Optional[Union[float, timedelta]], Optional[CancelToken], Optional[ProgressCallback]]"
"""Time limit, token and progress function, as they are handed to the native module."""
