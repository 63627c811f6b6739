"""Third-party front end, kept out of the repository and read from a local folder.

Solara's page asks for a few JavaScript packages and so does our chart. ``python -m app.assets`` (part of
``make install``) reads from the *installed* Solara template which ones, and unpacks each as
``FOLDER/name@version/`` with ``npm pack``, so that the page works where only package indexes can be reached.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from importlib import metadata, util
from pathlib import Path

CHARTS = "uplot@1.6.32"

# Files that no page asks for: maps, type declarations, and the bundles for other versions of ipywidgets.
_UNUSED = re.compile(r"\.(map|ts|eot|ttf)$|app7(\.min)?\.js$|main7\.css$")


def folder() -> Path:
    """Return the asset folder: ``EVERLEARN_ASSETS``, or ``~/.cache/everlearn/assets``."""
    return Path(os.environ.get("EVERLEARN_ASSETS") or Path.home() / ".cache" / "everlearn" / "assets")


def required() -> list[str]:
    """Return the packages the page asks for, as ``name@version``.

    Solara's template carries one front end for Vue 2 and one for Vue 3; the installed ipyvue decides.
    """
    solara = util.find_spec("solara")
    assert solara and solara.origin
    root = Path(solara.origin).parent / "server"
    template = (root / "templates" / "solara.html.j2").read_text("utf8")
    found = set(re.findall(r"\{\{\s*cdn\s*\}\}/((?:@[\w.-]+/)?[\w.-]+@[\w.+-]+)/", template))
    found |= set(re.findall(r"fontawesome_path.*?/([\w.-]+@[\w.+-]+)/", (root / "settings.py").read_text("utf8")))
    other = "solara-vuetify-app@" if int(metadata.version("ipyvue").split(".")[0]) >= 3 else "solara-vuetify3-app@"
    return sorted({spec for spec in found if other not in spec} | {CHARTS})


def missing() -> list[str]:
    """Return the required packages that the folder does not hold."""
    return [spec for spec in required() if not (folder() / spec / "package.json").exists()]


def fetch(spec: str) -> None:
    """Unpack one package into the folder.

    Raises
    ------
    RuntimeError
        When npm cannot deliver the package; the message is npm's own.
    """
    target = folder() / spec
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder()) as name:  # on the same file system, so that the move is atomic
        work = Path(name)
        pack = ["npm", "pack", "--ignore-scripts", "--loglevel=error", spec]
        done = subprocess.run(pack, cwd=work, capture_output=True, text=True, timeout=180)
        if done.returncode:
            raise RuntimeError(done.stderr.strip()[-400:])
        with tarfile.open(next(work.glob("*.tgz"))) as archive:
            for member in archive.getmembers():
                member.name = member.name.partition("/")[2]  # the top folder is not always called "package"
                if member.isfile() and member.name and not _UNUSED.search(member.name):
                    archive.extract(member, work / "unpacked", filter="data")
        if target.exists():  # an unpacking that was cut short before it had its package.json
            shutil.rmtree(target)
        os.replace(work / "unpacked", target)


def main() -> int:
    """Fill the folder, one line per package. A machine without npm is no error: Solara fetches by its own way."""
    if missing() and not shutil.which("npm"):
        print("npm was not found, so the page's JavaScript is not stored here; Solara will fetch it when it is opened.")
        return 0
    folder().mkdir(parents=True, exist_ok=True)
    for spec in required():
        if spec in missing():
            try:
                fetch(spec)
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                print(f"{spec}  could not be fetched: {error}")
                return 1
        print(f"{spec}  {folder() / spec}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
