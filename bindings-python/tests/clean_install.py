"""The ten lines of the README as they stand, in an environment that holds nothing but the two wheels.

    python -I clean_install.py REPOSITORY [without-sandbox]

With `without-sandbox` only the package itself is installed: then its error has to say what is missing. It needs nothing but
the standard library, so that it runs wherever the wheels can be installed.
"""

import os
import re
import shutil
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Any

import videoid
from videoid.sandbox import Sandbox, SandboxNotInstalledError

repository = Path(sys.argv[1]).resolve()
fixtures = repository / "tests" / "fixtures"


def ten_lines(folder: Path) -> str:
    readme = (repository / "bindings-python" / "README.md").read_text(encoding="utf-8")
    (lines, *_) = re.findall(r"```python\n(.*?)```", readme, re.S)
    for name, source in {"front": "document_front", "rear": "document_rear", "selfie": "document_owner"}.items():
        shutil.copyfile(fixtures / "specimen" / f"{source}.jpg", folder / f"{name}.jpg")
    shutil.copyfile(fixtures / "specimen.mp4", folder / "video.mp4")
    with Sandbox() as sandbox:
        os.environ.update(sandbox.env)
        # The user's own officer; the lines use these names.
        names: dict[str, Any] = {name: getattr(sandbox.rao, name) for name in ("username", "password", "pin")}
        exec(lines, names)
    return str(names["outcome"].status)


def main() -> None:
    # The package of this environment and not the folder beside the sources.
    installed = Path(videoid.__file__).resolve()
    assert Path(sys.prefix).resolve() in installed.parents, installed
    present = sorted(found.metadata["Name"] for found in metadata.distributions())
    beside = [name for name in present if name not in ("videoid", "videoid-sandbox", "pip", "setuptools", "wheel")]
    assert not beside, f"not an empty environment: {beside}"
    if sys.argv[2:] == ["without-sandbox"]:
        assert "videoid-sandbox" not in present
        try:
            Sandbox().start()
        except SandboxNotInstalledError as error:
            assert "pip install videoid-sandbox" in str(error), error
            print(f"videoid {videoid.__version__} alone: {error}")
            return
        raise AssertionError("a sandbox without its package")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        status = ten_lines(Path(folder))
        os.chdir(repository)
    assert status == "ENROLLREADY", status
    print(f"videoid {videoid.__version__} on Python {sys.version.split()[0]}: {status}")


main()
