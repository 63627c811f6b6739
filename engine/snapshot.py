"""Copy, save and open sets of arrays: nested NamedTuples, minds in plain Python, and random states.

Files are NumPy's npz with one JSON text inside, never pickle. A file may come from a stranger: an array is unpacked
when a tree asks for it and it has the form of the tree's own, and it is taken over when it keeps to its limits
(`engine.limits`), so it can only be wrong, not harmful.
"""

import io
import json
import math
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine import files
from engine.limits import ANY, FIXED, REAL, Limit, Limits

FORMAT = "everlearn-1"
LONGEST_TEXT = 2**26  # bytes of the description
LARGEST = 2**30  # bytes of an array whose form only the file knows: those of minds in plain Python
HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


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


def restore(tree: Any, saved: Mapping[str, Any], path: str = "", limit: Limit | Limits | None = None) -> None:
    """Write saved arrays back into a tree of the same form.

    Every array keeps to `limit`, or to the limits that its NamedTuple declares where none is given; what is FIXED is
    compared, not written. ANY is for arrays that are our own.

    Raises
    ------
    NotASnapshot
        When an array is missing, has another shape or type than the tree's, or holds what it may not.
    """
    if isinstance(tree, np.ndarray):
        found, where = saved.get(path), path.strip(".")
        if found is None or found.shape != tree.shape or found.dtype != tree.dtype:
            here = f"{tree.shape} {tree.dtype}"
            there = "nothing" if found is None else f"{found.shape} {found.dtype}"
            raise NotASnapshot(f"{where}: the file holds {there}, this world needs {here}")
        values = np.asarray(found)
        if limit == FIXED:
            _compare(tree, values, where)
            return
        if limit != ANY:
            check(values, where, limit)
        tree[...] = values
    elif isinstance(tree, tuple):
        limits = tree.limits() if limit is None and hasattr(tree, "limits") else limit
        names = getattr(tree, "_fields", range(len(tree)))
        for name, part in zip(names, tree, strict=True):
            restore(part, saved, f"{path}.{name}", limits.get(name) if isinstance(limits, dict) else limits)
    elif hasattr(tree, "restore"):
        mine = {name[len(path) + 1 :]: array for name, array in saved.items() if name.startswith(f"{path}.")}
        for name, array in mine.items():
            if array.nbytes > LARGEST:
                raise NotASnapshot(f"{path}.{name}: {array.nbytes:,} bytes; at most {LARGEST:,} are unpacked")
        tree.restore(mine)


def _compare(own: np.ndarray, found: np.ndarray, where: str) -> None:
    """Refuse another value of what is fixed for a run; floats may differ by another processor's rounding."""
    floats = own.dtype.kind == "f"
    same = np.allclose(own, found, rtol=1e-6, equal_nan=True) if floats else np.array_equal(own, found)
    if not same:
        raise NotASnapshot(
            f"{where}: differs from what this version makes of the same scenario; the file was altered, or a network "
            "or table that the scenario names has changed since"
        )


def check(found: np.ndarray, where: str, limit: Any) -> None:
    """Refuse values beyond a limit; truth values are 0 or 1, and floats are REAL where nothing is said."""
    if found.dtype.kind == "b":
        found, limit = found.view(np.uint8), (0, 1)
    if limit is None and found.dtype.kind == "f":
        limit = REAL
    if not isinstance(limit, tuple):
        raise NotASnapshot(f"{where}: nobody says what it may hold; name it in the method limits() of its mind")
    if found.dtype.kind == "f":  # a float32 is compared as the float64 that limits are
        found = found.astype(np.float64, copy=False)
    low, high = limit
    outside = ~((found >= low) & (found <= high))  # also what is no number
    if outside.any():
        raise NotASnapshot(f"{where}: the file holds {found[outside][0]}; {low} to {high} can be")


class Packed:
    """An array in a file: its form is known, and it is unpacked when NumPy asks for it."""

    def __init__(self, file: zipfile.ZipFile, member: zipfile.ZipInfo, damaged: str) -> None:
        self._file, self._member, self._damaged = file, member, damaged
        with file.open(member) as stream:
            version = np.lib.format.read_magic(stream)
            self.shape, _, self.dtype = HEADERS[version](stream)
        if self.dtype.hasobject or self.nbytes > member.file_size:
            raise ValueError(f"{member.filename} is no array of numbers or text")

    @property
    def nbytes(self) -> int:
        """Its size when unpacked."""
        return math.prod(self.shape) * self.dtype.itemsize

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> np.ndarray:
        """The array."""
        try:
            with self._file.open(self._member) as stream:
                values: np.ndarray = np.lib.format.read_array(stream, allow_pickle=False)
                stream.read(1)  # at the end of a member its checksum is compared
        except Exception as error:
            raise NotASnapshot(f"{self._damaged} ({error})") from None
        return values


def save(path: str | os.PathLike[str], data: dict[str, np.ndarray], about: dict[str, Any]) -> None:
    """Write arrays and a JSON-able description to `path`, atomically: a killed save leaves the old file whole."""
    text: Any = np.array(json.dumps({"format": FORMAT, **about}))
    with files.whole(path) as part, part.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, about=text, **data)


def load(path: str | os.PathLike[str]) -> tuple[dict[str, Packed], dict[str, Any]]:
    """Read what `save` wrote: arrays, each to be unpacked when it is asked for, and the description.

    Raises
    ------
    NotASnapshot
        When there is no such file, or it is not one of ours.
    """
    if not Path(path).is_file():
        raise NotASnapshot(f"{path}: no such file")
    damaged = f"{path}: not a file saved by Everlearn, or damaged"
    try:
        file = zipfile.ZipFile(io.BytesIO(Path(path).read_bytes()))
        data = {member.filename.removesuffix(".npy"): Packed(file, member, damaged) for member in file.infolist()}
        text = data.pop("about")
        about = json.loads(str(np.asarray(text))) if text.nbytes <= LONGEST_TEXT else None
    except NotASnapshot:
        raise
    except Exception as error:  # zipfile, zlib, json and NumPy raise many kinds for a damaged file
        raise NotASnapshot(f"{damaged} ({error})") from None
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise NotASnapshot(f"{path}: not in the format {FORMAT}; save it again with this version of Everlearn")
    return data, about
