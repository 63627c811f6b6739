"""Copy, save and open sets of arrays: nested NamedTuples, minds in plain Python, and random states.

Files are NumPy's npz with one JSON text inside: never pickle, so a file from a stranger can only be wrong, not
harmful.
"""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from engine import files

FORMAT = "everlearn-1"


class NotASnapshot(ValueError):
    """The file is missing, damaged, or was not written by Everlearn."""


def copy(tree: Any) -> Any:
    """An independent copy of arrays, generators and nested tuples; numbers and texts are shared."""
    if isinstance(tree, np.ndarray):
        return tree.copy()
    if isinstance(tree, np.random.Generator):
        return copy_generator(tree)
    if isinstance(tree, tuple):
        parts = [copy(part) for part in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
    return tree.copy() if hasattr(tree, "copy") else tree


def copy_generator(rng: np.random.Generator) -> np.random.Generator:
    """A generator with the same future."""
    bits = type(rng.bit_generator)(0)
    bits.state = rng.bit_generator.state
    return np.random.Generator(bits)


def arrays(tree: Any, path: str = "") -> dict[str, np.ndarray]:
    """All arrays of a tree, named by their place in it; those of minds in plain Python come from `arrays()`."""
    if isinstance(tree, np.ndarray):
        return {path: tree}
    if isinstance(tree, tuple):
        names = getattr(tree, "_fields", range(len(tree)))
        parts = [arrays(part, f"{path}.{name}") for name, part in zip(names, tree, strict=True)]
        return {name: array for part in parts for name, array in part.items()}
    if hasattr(tree, "arrays"):
        return {f"{path}.{name}": array for name, array in tree.arrays().items()}
    return {}


def restore(tree: Any, saved: dict[str, np.ndarray], path: str = "") -> None:
    """Write saved arrays back into a tree of the same form.

    Raises
    ------
    NotASnapshot
        When an array is missing or has another shape or type than the tree's.
    """
    if isinstance(tree, np.ndarray):
        found = saved.get(path)
        if found is None or found.shape != tree.shape or found.dtype != tree.dtype:
            here = f"{tree.shape} {tree.dtype}"
            there = "nothing" if found is None else f"{found.shape} {found.dtype}"
            raise NotASnapshot(f"{path.strip('.')}: the file holds {there}, this world needs {here}")
        tree[...] = found
    elif isinstance(tree, tuple):
        names = getattr(tree, "_fields", range(len(tree)))
        for name, part in zip(names, tree, strict=True):
            restore(part, saved, f"{path}.{name}")
    elif hasattr(tree, "restore"):
        tree.restore({name[len(path) + 1 :]: array for name, array in saved.items() if name.startswith(f"{path}.")})


def save(path: str | os.PathLike[str], data: dict[str, np.ndarray], about: dict[str, Any]) -> None:
    """Write arrays and a JSON-able description to `path`, atomically: a killed save leaves the old file whole."""
    text: Any = np.array(json.dumps({"format": FORMAT, **about}))
    with files.whole(path) as part, part.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, about=text, **data)


def load(path: str | os.PathLike[str]) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Read what `save` wrote: arrays and description.

    Raises
    ------
    NotASnapshot
        When there is no such file, or it is not one of ours.
    """
    try:
        with Path(path).open("rb") as stream:  # NumPy leaves a damaged file open
            file = np.load(stream, allow_pickle=False)
            if not isinstance(file, np.lib.npyio.NpzFile):
                raise ValueError("it holds one array")
            data = {name: file[name] for name in file.files}
        about = json.loads(str(data.pop("about")))
    except FileNotFoundError:
        raise NotASnapshot(f"{path}: no such file") from None
    except Exception as error:  # zipfile, zlib and NumPy raise many kinds for a damaged file
        raise NotASnapshot(f"{path}: not a file saved by Everlearn, or damaged ({error})") from None
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise NotASnapshot(f"{path}: not in the format {FORMAT}; save it again with this version of Everlearn")
    return data, about
