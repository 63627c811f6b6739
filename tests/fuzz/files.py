"""Files that people write themselves, whole and then spoiled: scenarios, studies, graphs, tables and MATPOWER cases."""

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w

import scenarios
from tests.fuzz.odd import odd

GRAPH = """<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="d0" for="node" attr.name="name" attr.type="string"/><key id="d1" for="node" attr.name="x" attr.type="double"/>
<key id="d2" for="node" attr.name="y" attr.type="double"/>
<key id="d3" for="edge" attr.name="length_m" attr.type="double"/>
<graph edgedefault="undirected">
<node id="a"><data key="d0">A</data><data key="d1">0</data><data key="d2">0</data></node>
<node id="b"><data key="d0">B</data><data key="d1">1</data><data key="d2">0</data></node>
<node id="c"><data key="d0">C</data><data key="d1">0.5</data><data key="d2">1</data></node>
<edge source="a" target="b"><data key="d3">200</data></edge><edge source="b" target="c"/><edge source="a" target="c"/>
</graph></graphml>
"""  # fmt: skip
DEMAND = "entry,hour,veh_per_s\nA1.N,0,0.1\nA1.E,6,0.2\nA1.E,7.5,0.4\nA1.S,12,0.1\n"
TABLES = {
    "about.toml": 'source = "a test"\nbase_mva = 100\n',
    "buses.csv": "bus,load_mw\nA,0\nB,90\nC,60\n",
    "lines.csv": "from_bus,to_bus,reactance_pu,limit_mw\nA,B,0.1,50\nB,C,0.1,\nA,C,0.2,40\n",
    "units.csv": "unit,bus,max_mw,cost_per_mwh\nG1,A,200,10\nG2,C,100,30\n",
}
MATPOWER = """function mpc = case3
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
	1	3	0	0	0	0	1	1	0	230	1	1.1	0.9;
	2	1	90	30	0	0	1	1	0	230	1	1.1	0.9;
	3	2	60	20	0	0	1	1	0	230	1	1.1	0.9;
];
mpc.gen = [
	1	0	0	300	-300	1	100	1	200	10	0	0	0	0	0	0	0	0	0	0	0;
	3	0	0	300	-300	1	100	1	100	10	0	0	0	0	0	0	0	0	0	0	0;
];
mpc.branch = [
	1	2	0.01	0.1	0	50	0	0	0	0	1	-360	360;
	2	3	0.01	0.1	0	0	0	0	0	0	1	-360	360;
	1	3	0.01	0.2	0	40	0	0	0	0	1	-360	360;
];
mpc.gencost = [
	2	0	0	3	0.11	5	150;
	2	0	0	2	30	0;
];
"""
STUDY = {
    "question": "What does it change?", "scenarios": ["games/prisoners_dilemma"], "seeds": 2, "ticks": 40,
    "learners": {"q": {"kind": "q"}, "as it is": {}}, "world": {"record_every_ticks": 10},
    "changes": {"more": {"at": 20, "what": {"cooperation": 0.5}}}, "within": 0.1, "over": 10,
}  # fmt: skip
NAMES = [
    "games/prisoners_dilemma", "games/congestion", "games/coordination_ring", "oligopoly/duopoly", "routes/braess",
    "routes/forty_drivers", "traffic/single_crossing", "traffic/both_learn", "crossing/four_drivers", "grid/pjm5",
    "grid/pivotal_cap", "market/one_pair", "market/order_book", "market/entry_and_exit",
]  # fmt: skip
NOISE = ("", "\x00", "é", "\t", "nan", "-1", "1e400", "99999999999999999999", "inf", "[", "]", '"', "<", ">", "=", ";",
         "&a;", "\n", "'", "0", "-0", "0x1F", "true", "{", ",", "%", "<!DOCTYPE a [<!ENTITY b 'c'>]>")  # fmt: skip


def scenario(names: Sequence[str], rng: np.random.Generator) -> str:
    """The text of a shipped scenario, spoiled."""
    text = (scenarios.FOLDER / f"{names[rng.integers(len(names))]}.toml").read_text(encoding="utf-8")
    return _toml(text, rng)


def study(rng: np.random.Generator) -> str:
    """The text of a study, spoiled."""
    return _toml(tomli_w.dumps(STUDY), rng)


def case(folder: Path, rng: np.random.Generator) -> Path:
    """A case of the grid, spoiled: a folder of tables, or a file."""
    if rng.random() < 0.5:
        (folder / "case.m").write_text(spoil(MATPOWER, rng), encoding="utf-8", errors="replace")
        return folder / "case.m"
    tables = folder / "mine"
    tables.mkdir()
    spoiled = list(TABLES)[rng.integers(len(TABLES))]
    for name, text in TABLES.items():
        if name != spoiled or rng.random() < 0.9:
            (tables / name).write_text(spoil(text, rng) if name == spoiled else text, "utf-8", "replace")
    return tables


def _toml(text: str, rng: np.random.Generator) -> str:
    """Spoil what a TOML file says, or how it is written."""
    if rng.random() < 0.3:
        return spoil(text, rng)
    data = tomllib.loads(text)
    for _ in range(rng.integers(1, 4)):
        _reword(data, rng)
    try:
        return tomli_w.dumps(data)
    except (TypeError, ValueError):  # None has no TOML
        return json.dumps(data)


def _reword(data: Any, rng: np.random.Generator) -> None:
    """Another value, one key less or more, or another place's value, somewhere in nested tables."""
    place = data
    while True:
        keys: Any = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return
        key = keys[rng.integers(len(keys))]
        if not isinstance(place[key], dict | list) or rng.random() < 0.2:
            break
        place = place[key]
    way = rng.choice(["odd", "scaled", "gone", "more", "moved"], p=[0.35, 0.35, 0.1, 0.1, 0.1])
    if way == "scaled" and isinstance(place[key], int | float) and not isinstance(place[key], bool):
        value = float(place[key]) * 10.0 ** rng.integers(-12, 13) * rng.choice([1, -1, 0.5])
        place[key] = round(value) if isinstance(place[key], int) and abs(value) < 2**62 else value
    elif way == "gone":
        del place[key]
    elif way == "more" and isinstance(place, dict):
        place[str(rng.choice(["kind", "seed", "self", "where", "learner", "graph", "ticks", "nods"]))] = odd(rng)
    elif way == "moved":
        place[key] = data[list(data)[rng.integers(len(data))]] if isinstance(data, dict) and data else None
        place[key] = json.loads(json.dumps(place[key], default=str))
    else:
        place[key] = odd(rng)


def spoil(text: str, rng: np.random.Generator) -> str:
    """Characters, words and lines exchanged, left out and put in."""
    for _ in range(rng.integers(1, 5)):
        lines = text.split("\n")
        line = int(rng.integers(len(lines)))
        way = rng.choice(["noise", "line gone", "line twice", "lines moved", "cut", "digits"])
        if way == "noise":
            at = int(rng.integers(len(text) + 1))
            text = text[:at] + NOISE[rng.integers(len(NOISE))] + text[at + int(rng.integers(3)) :]
            continue
        if way == "cut":
            text = text[: int(rng.integers(len(text) + 1))]
            continue
        if way == "line gone":
            del lines[line]
        elif way == "line twice":
            lines.insert(line, lines[line])
        elif way == "lines moved":
            lines.insert(int(rng.integers(len(lines))), lines.pop(line))
        else:
            spots = [n for n, sign in enumerate(lines[line]) if sign.isdigit()]
            if spots:
                at = spots[rng.integers(len(spots))]
                lines[line] = lines[line][:at] + NOISE[rng.integers(len(NOISE))] + lines[line][at + 1 :]
        text = "\n".join(lines)
    return text
