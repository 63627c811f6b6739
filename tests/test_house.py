"""The house rules: who may import whom, what no file may hold, and that what the documents say works.

Imports are read with `ast`, so a file is judged without running it; names imported by a string are not seen.
"""

import ast
import os
import re
import shlex
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Downhill: what each package may import of ours, besides itself.
BELOW = {
    "engine": set(),
    "scenarios": set(),
    "learners": {"engine", "scenarios"},
    "models": {"engine", "scenarios", "learners"},
    "studies": {"engine", "scenarios", "learners", "models"},
    "app": {"engine", "scenarios", "learners", "models", "studies"},
}

# The same inside a world, models/<world>/*.py; files the design does not name may be imported by all.
BELOW_IN_A_WORLD = {
    "state": set(),
    "rules": {"state"},
    "agents": {"state"},
    "baselines": {"state", "rules"},
    "theory": {"state", "rules"},
    "model": {"state", "rules", "agents", "baselines", "theory"},
}

# The same between the rooms of a package; files beside the rooms may import them all.
BELOW_IN_A_PACKAGE = {
    "app": {
        "commands": set(),
        "worlds": set(),
        "processes": {"worlds"},
        "memory": {"worlds", "processes"},
        "runs": {"worlds", "processes", "memory"},
        "viewers": {"worlds", "processes", "runs"},
    },
    "studies": {
        "questions": set(),
        "references": set(),
        "cases": {"questions"},
        "lifelong": {"references"},
        "comparison": {"questions", "cases"},
        "figures": {"references", "lifelong", "questions", "comparison"},
        "results": {"questions", "cases", "comparison", "figures"},
        "live": {"questions", "cases", "comparison"},
        "papers": {"figures", "lifelong"},
    },
    "models": {"networks": set(), "envs": set()},
}

# Hosts of package registries and CDNs, in halves, so that this file does not name them either.
HOSTS = [
    ".".join(halves)
    for halves in [
        ("pypi", "org"), ("pythonhosted", "org"), ("pytorch", "org"), ("anaconda", "org"), ("npmjs", "org"),
        ("npmjs", "com"), ("yarnpkg", "com"), ("jsdelivr", "net"), ("unpkg", "com"), ("cdnjs", "com"),
        ("cloudflare", "com"), ("esm", "sh"), ("skypack", "dev"), ("googleapis", "com"), ("gstatic", "com"),
    ]
]  # fmt: skip

# Decorators of what is compiled, or chooses what is.
KERNELS = {"kernel", "subroutine", "entry", "generic", "generic_with_default", "body_for", "overload", "wraps"}

LONGEST_FILE = 400  # lines
PATIENCE_S = 120  # for one command of a document


def ours():
    """Every file of the house: what git would track, found without git."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if name == ".ci" or not is_made(name))
        yield from (Path(folder, name) for name in sorted(names))


def is_made(name):
    return name in {"__pycache__", "build", "node_modules"} or name.startswith(".") or name.endswith(".egg-info")


FILES = list(ours())
PYTHON = [file for file in FILES if file.suffix == ".py"]
PACKAGED = [file for file in PYTHON if file.relative_to(ROOT).parts[0] in BELOW]
WORLDS = [file for file in PACKAGED if file.match("models/*/*.py")]
SOURCES = [file for file in FILES if file.suffix in {".py", ".js", ".css"}]
DOCUMENTS = [file for file in FILES if file.suffix == ".md"]
HOW_TO = sorted((ROOT / "docs").glob("*-*.md"))  # their titles are verbs: add-a-learner.md
LESSONS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *HOW_TO]  # their code is executed


def over(files):
    """Parametrise over files, named by their place in the house."""
    return pytest.mark.parametrize("file", files, ids=lambda file: file.relative_to(ROOT).as_posix())


def imports(file):
    """Dotted names that a file imports, anywhere in it, as `package.module` or `package.module.name`."""
    package = file.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = [*above, *filter(None, [node.module])]
            yield from (".".join([*module, alias.name]) for alias in node.names)


def top_level(file):
    return {name.split(".")[0] for name in imports(file)}


@over(PACKAGED)
def test_imports_point_downhill(file):
    package = file.relative_to(ROOT).parts[0]
    uphill = top_level(file) & set(BELOW) - BELOW[package] - {package}
    assert not uphill, f"{package} may import {sorted(BELOW[package]) or 'nothing of ours'}, not {sorted(uphill)}"


@over(WORLDS)
def test_imports_point_downhill_inside_a_world(file):
    world = file.parent.name
    modules = {tuple(name.split(".")[1:3]) for name in imports(file) if name.startswith("models.")}
    strangers = {other for other, *_ in modules if (ROOT / "models" / other / "model.py").is_file()} - {world}
    assert not strangers, f"{world} may not import the worlds {sorted(strangers)}"
    if file.stem in BELOW_IN_A_WORLD:
        known = {name for other, *rest in modules if other == world for name in rest} & set(BELOW_IN_A_WORLD)
        uphill = known - BELOW_IN_A_WORLD[file.stem] - {file.stem}
        assert not uphill, f"{file.stem} may import {sorted(BELOW_IN_A_WORLD[file.stem])}, not {sorted(uphill)}"


@over([file for file in PACKAGED if len(file.relative_to(ROOT).parts) > 2])
def test_imports_point_downhill_between_rooms(file):
    package, room = file.relative_to(ROOT).parts[:2]
    rooms = BELOW_IN_A_PACKAGE.get(package, {})
    if room in rooms:
        known = {name.split(".")[1] for name in imports(file) if name.startswith(f"{package}.")} & set(rooms)
        uphill = known - rooms[room] - {room}
        assert not uphill, f"{package}/{room} may import {sorted(rooms[room])}, not {sorted(uphill)}"


def test_every_room_is_in_the_plan():
    for package, rooms in BELOW_IN_A_PACKAGE.items():
        found = {file.parent.name for file in (ROOT / package).glob("*/__init__.py")}
        assert set(rooms) <= found and (package == "models" or found == set(rooms))


@over([file for file in PYTHON if file.parent != ROOT / "engine"])
def test_only_the_engine_imports_numba(file):
    assert "numba" not in top_level(file), "only the engine compiles; what it offers is in engine/generic.py"


@over(PACKAGED)
def test_functions_without_types_are_kernels(file):
    """Where a function has no annotation at all mypy looks away, because numba checks the types of kernels."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            typed = node.returns or any(each.annotation for each in ast.walk(node.args) if isinstance(each, ast.arg))
            assert typed or KERNELS.intersection(re.findall(r"\w+", " ".join(map(ast.unparse, node.decorator_list)))), (
                f"line {node.lineno}: {node.name} is compiled nowhere; give it types"
            )


@over(PYTHON)
def test_nothing_is_imported_from_outside_the_house(file):
    assert not top_level(file) & {"shared", "prototypes"}
    assert "/".join(["..", "shared"]) not in file.read_text(encoding="utf-8")


@over([ROOT / "engine" / "turn.py", *(file for file in WORLDS if file.stem == "state")])
def test_ticks_have_sixty_four_bits(file):
    """A life of full speed passes tick 2^31 within minutes."""
    fields = re.findall(r"(?m)^    (\w+: np.ndarray  # .*)$", file.read_text(encoding="utf-8"))
    assert fields and not [field for field in fields if re.search(r"int32, ticks?\b", field)]


@over([file for file in WORLDS if file.stem == "state"])
def test_what_a_world_tells_a_turn_is_read_by_somebody(file):
    """A field of the turn that a world writes is read by its own kernels, by the loop or by a learner."""
    own = list(file.parent.glob("*.py"))
    readers = [*own, *(ROOT / "engine").glob("*.py"), *(ROOT / "learners").rglob("*.py")]
    written = {name for each in own for name, context in turn_fields(each) if context is ast.Store}
    read = {name for each in readers for name, context in turn_fields(each) if context is ast.Load}
    assert written and not written - read


def turn_fields(file):
    """Fields of `turn` whose numbers a file writes (ast.Store) or reads (ast.Load)."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    stored = {id(node.value) for node in ast.walk(tree)
              if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "turn":
            yield node.attr, ast.Store if id(node) in stored else ast.Load


@over(SOURCES)
def test_a_file_can_be_read_in_one_sitting(file):
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


@over(FILES)
def test_no_file_names_a_package_registry_or_a_cdn(file):
    text = file.read_bytes().lower()
    assert not [host for host in HOSTS if host.encode() in text]


def test_constraints_are_exact_versions_without_addresses():
    exact = re.compile(r'#.*|[\w.-]+==[\w.]+( ; python_version (<|>=) "3\.\d+")?')
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if not exact.fullmatch(line)]


@over(DOCUMENTS)
def test_relative_links_lead_somewhere(file):
    text = re.sub(r"(?ms)^ *```.*?^ *```|`[^`\n]*`", "", file.read_text(encoding="utf-8"))
    targets = re.findall(r'\]\(([^)\s]+)|(?:src|href)="([^"]+)"', text)
    paths = [(first or second).split("#")[0] for first, second in targets if ":" not in first + second]
    assert not [path for path in paths if not (file.parent / path).exists()]


def test_the_readme_runs_and_tests_with_make():
    assert {"run", "test"} <= set(re.findall(r"\bmake (\w+)", LESSONS[0].read_text(encoding="utf-8")))


@over(LESSONS)
def test_what_a_document_makes_is_a_target_of_the_makefile(file):
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    code = " ".join(re.findall(r"(?ms)^ *```.*?^ *```|`[^`\n]+`", file.read_text(encoding="utf-8")))
    assert set(re.findall(r"\bmake (\w+)", code)) <= targets


@pytest.mark.slow
@over(LESSONS)
def test_python_in_a_document_runs_from_top_to_bottom(file, tmp_path):
    """The blocks of a document are one program; other lines are left blank, so a traceback has the document's lines."""
    program = [""] * len(file.read_text(encoding="utf-8").splitlines())
    for language, lines in blocks(file):
        if language == "python":
            for number, line in lines:
                program[number] = line
    if "import PPO" in "\n".join(program):
        pytest.importorskip("stable_baselines3", reason="Stable-Baselines3 is tested on one Python only")
    path = tmp_path / file.with_suffix(".py").name.lower()
    path.write_text("\n".join(program), encoding="utf-8")
    execute([sys.executable, path], tmp_path)


@pytest.mark.slow
@over(LESSONS)
def test_commands_in_a_document_run_from_top_to_bottom(file, tmp_path):
    for command in commands(file):
        if command[:2] != ["everlearn", "page"]:  # it serves until it is stopped; tests/page look at it
            execute([Path(sys.executable).with_name("everlearn"), *command[1:]], tmp_path)


def blocks(file):
    """The fenced blocks of a document: the language and the numbered lines of each; a block may be indented."""
    lines = enumerate(file.read_text(encoding="utf-8").splitlines())
    for _, fence in lines:
        indent, found, language = fence.partition("```")
        if found and not indent.strip():
            inside = takewhile(lambda numbered: numbered[1].strip() != "```", lines)
            yield language.strip(), [(number, line[len(indent) :]) for number, line in inside]


def commands(file):
    """Every `everlearn ...` line of the shell blocks of a document, in words."""
    for language, lines in blocks(file):
        if language in {"sh", "bash", "shell", "console"}:
            text = "\n".join(line for _, line in lines).replace("\\\n", " ")
            for line in text.splitlines():
                words = shlex.split(line.removeprefix("$ ").removeprefix(".venv/bin/"), comments=True)
                if words[:1] == ["everlearn"]:
                    yield words


def execute(command, folder):
    """Run a command in a folder as a reader would from the checkout; its last words are the message if it fails."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"}
    done = subprocess.run(
        command, cwd=folder, env=environment, timeout=PATIENCE_S, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == 0, f"{shlex.join(map(str, command))}\n{done.stdout[-3000:]}"
