"""Where the program `videoid-sandbox` is. `videoid.sandbox.Sandbox` starts it."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

__all__ = ["find"]


def find() -> str:
    """The path of the program that came with this package.

    Errors: `FileNotFoundError` where the installation lost it.
    """
    name = "videoid-sandbox" + (".exe" if sys.platform == "win32" else "")
    package = Path(__file__).resolve().parent
    folders = [
        Path(sysconfig.get_path("scripts")),
        Path(sysconfig.get_path("scripts", "posix_user" if os.name == "posix" else "nt_user")),
        # `pip install --target`, and `--prefix` with its lib/python3.x/site-packages.
        package.parent / "bin",
        *(prefix / "bin" for prefix in package.parents[3:4]),
    ]
    for folder in folders:
        if (program := folder / name).is_file():
            return str(program)
    raise FileNotFoundError("the program videoid-sandbox is missing from its package: install videoid-sandbox anew")
