"""What compiled code depends on: the text of its modules and of all that they import, but for installed packages."""

import ast
import hashlib
import importlib.util
import sys
import sysconfig
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KERNEL_FOLDERS = ("engine", "learners", "models")
OURS = {"engine", "learners", "models", "scenarios"}
INSTALLED = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})


def source_hash() -> str:
    """Hash of the text of all kernel files and of the interpreter's version."""
    text = hashlib.sha256(sys.version.encode())
    for folder in KERNEL_FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            text.update(path.read_bytes())
    return text.hexdigest()[:16]


def closure(modules: Iterable[str]) -> dict[str, bytes] | None:
    """Names and texts of modules and of all they import but what is installed; None where a module has no file."""
    found: dict[str, bytes] = {}
    left = list(modules)
    packages = OURS | {name.partition(".")[0] for name in left}
    while left:
        name = left.pop()
        if name in found:
            continue
        path = _path(name)
        if path is None:
            return None
        found[name] = path.read_bytes()
        left += [each for each in _imports(name, found[name]) if each.partition(".")[0] in packages or _is_loose(each)]
    return found


def _path(name: str) -> Path | None:
    """The file of a module, found without importing anything; None where it has none."""
    if name in sys.modules:
        file = getattr(sys.modules[name], "__file__", None)  # a notebook has none
        return Path(file) if file and file.endswith(".py") else None
    top, *parts = name.split(".")
    spec = importlib.util.find_spec(top)
    if spec is None or not parts:
        return Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None
    places = [Path(folder, *parts) for folder in spec.submodule_search_locations or ()]
    files = [file for place in places for file in (place.with_suffix(".py"), place / "__init__.py")]
    return next((file for file in files if file.exists()), None)


@cache
def _is_loose(name: str) -> bool:
    """Whether a module is neither installed nor part of Python: a user's own file."""
    if name.partition(".")[0] in sys.builtin_module_names:
        return False
    path = _path(name)
    return path is not None and not str(path).startswith(INSTALLED)


@cache
def _imports(name: str, text: bytes) -> tuple[str, ...]:
    """Modules whose names a module may use."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = importlib.util.resolve_name("." * node.level + (node.module or ""), name.rpartition(".")[0])
            for alias in node.names:
                found.add(f"{base}.{alias.name}" if _is_module(f"{base}.{alias.name}") else base)
    return tuple(sorted(found))


@cache
def _is_module(name: str) -> bool:
    return name in sys.modules or _path(name) is not None
