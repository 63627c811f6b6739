"""Road networks of any shape, as cases, for the laws of traffic."""

import numpy as np
from hypothesis import strategies as st

from models.networks.roads.case import About, RoadCase

LETTERS = "rgG"


@st.composite
def cases(draw):
    """A ring of junctions with chords, an entry and an exit; controls, lanes, phases and who yields at random."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    number = draw(st.integers(2, 6))
    control = ["signal", *rng.choice(["signal", "priority", "all_way", "none"], number - 1)]
    nodes = [
        {
            "node": f"n {i}",
            "x_m": 100 * np.cos(i),
            "y_m": 100 * np.sin(i),
            "control": c,
            "signal": f"s{i}" * (c == "signal"),
        }
        for i, c in enumerate(control)
    ]
    nodes += [{"node": name, "x_m": x, "y_m": 0.0, "control": "none"} for name, x in (("in", -300.0), ("out", 300.0))]
    ends = [(i, (i + 1) % number) for i in range(number)]
    ends += [tuple(rng.choice(number, 2, replace=False)) for _ in range(draw(st.integers(0, 6)))]
    ends = [(f"n {a}", f"n {b}") for a, b in ends] + [("in", "n 0"), ("n 0", "out")]
    links = [
        {"link": f"{a}>{b} #{k}", "from_node": a, "to_node": b, "free_speed_m_per_s": 13.9,
         "length_m": float(rng.choice([4.0, 30.0, 150.0, 400.0])), "lanes": int(rng.integers(1, 4))}
        for k, (a, b) in enumerate(ends)
    ]  # fmt: skip
    phases = {f"s{i}": int(rng.integers(1, 5)) for i, c in enumerate(control) if c == "signal"}
    turns = _turns(rng, nodes, links, phases)
    timing = {"green_s": 20.0, "yellow_s": 3.0, "all_red_s": 1.0, "offset_s": 5.0}
    demand = []
    for link in [links[-2], *(links[k] for k in rng.choice(len(links) - 2, 2))]:
        to = links[-1]["link"] if draw(st.just(rng.random() < 0.5)) else links[int(rng.integers(number))]["link"]
        demand.append({"from_link": link["link"], "to_link": to, "start_s": 0.0, "end_s": 900.0, "veh_per_h": 400.0})
    if not draw(st.booleans()):
        demand = [{**row, "to_link": ""} for row in demand]
    rows = [{"signal": s, "phase": p, **timing} for s, n in phases.items() for p in range(n)]
    return RoadCase.of(About(period_s=900.0), nodes=nodes, links=links, turns=turns, phases=rows, demand=demand)


def _turns(rng, nodes, links, phases):
    """Every turn that there can be, each with some lanes; at signals each has green in some phase."""
    signal = {node["node"]: node.get("signal", "") for node in nodes}
    turns = []
    for a in links:
        for b in links:
            if a["to_node"] != b["from_node"]:
                continue
            lanes = sorted(rng.integers(0, a["lanes"], 2).tolist())
            letters = rng.choice(list(LETTERS), phases.get(signal[a["to_node"]], 0))
            turns.append({
                "turn": str(len(turns)), "from_link": a["link"], "to_link": b["link"], "direction": "through",
                "first_lane": lanes[0], "last_lane": lanes[1], "green": letters, "node": a["to_node"],
            })  # fmt: skip
    for node, here in signal.items():
        for phase in range(phases.get(here, 0)):  # somebody goes in every phase, and everybody in some
            own = [turn for turn in turns if turn["node"] == node]
            rng.choice(own)["green"][phase] = "G"
    for turn in turns:
        if turn["green"].size and not np.isin(turn["green"], ["g", "G"]).any():
            turn["green"][0] = "G"
        turn["green"] = "".join(turn["green"])
        others = [o["turn"] for o in turns if o["node"] == turn["node"] and o["from_link"] != turn["from_link"]]
        turn["yields_to"] = " ".join(o for o in others if rng.random() < 0.4)
    return [{k: v for k, v in turn.items() if k != "node"} for turn in turns]
