"""What the tables of a road network say: every column with its kind, unit, bounds and meaning, declared once.

The reader and its messages, what is written, and the documentation (docs/worlds/road-cases.md) follow this declaration.
"""

from models.networks.tables import Column
from models.networks.tables import text as _text

CONTROLS = ("signal", "priority", "all_way", "none")
DIRECTIONS = ("left", "through", "right", "back")
MOST_LANES = 20

NODES = {
    "node": _text("Name of the junction, taken literally; no two are the same."),
    "x_m": Column("Place, growing to the east.", float, "m"),
    "y_m": Column("Place, growing to the north.", float, "m"),
    "control": _text(
        "Who goes first. `signal`: its phases say. `priority`: turns wait for gaps in what `yields_to` names. "
        "`all_way`: first come, first served among turns that yield to each other (also right before left). `none`: "
        "nobody yields.",
        allowed=CONTROLS,
    ),
    "signal": _text("Name of the signal, which several nodes may share; only where control is signal.", needed=False),
}
LINKS = {
    "link": _text("Name of the road in this direction, taken literally; no two are the same."),
    "from_node": _text("Where it begins.", refers="nodes"),
    "to_node": _text("Where it ends.", refers="nodes"),
    "length_m": Column(
        "From stop line to stop line: the way across the junction before it is included.", float, "m", 0.1, 1e6
    ),
    "free_speed_m_per_s": Column("Speed where nothing is in the way.", float, "m/s", 0.1, 100.0),
    "lanes": Column("Lanes at the stop line.", int, "", 1, MOST_LANES),
    "name": _text("Name of the street, in any words.", needed=False),
    "shape": _text("The line to draw, `x y;x y;...`; a straight one where left out.", unit="m", needed=False),
}
TURNS = {
    "turn": _text("Name of the turn, without spaces; no two are the same."),
    "from_link": _text("Where vehicles come from.", refers="links"),
    "to_link": _text("Where they go; it begins at the node where the other ends.", refers="links"),
    "direction": _text("As a driver sees it.", allowed=DIRECTIONS),
    "first_lane": Column("First lane of from_link that may be used; 0 is at the kerb.", int, "", 0, MOST_LANES - 1),
    "last_lane": Column("Last lane of from_link that may be used.", int, "", 0, MOST_LANES - 1),
    "green": _text(
        "One letter per phase of the signal: `G` protected; `g` permitted, it yields to what is green of `yields_to`; "
        "`r` red. Empty where the node has no signal.",
        needed=False,
    ),
    "yields_to": _text("Names of turns of the same node that go first, separated by spaces.", needed=False),
    "saturation_headway_s": Column(
        "Between vehicles that leave a queue, in one lane; the world's where left out.", float, "s", 0.1, 60.0, False
    ),
    "share": Column(
        "Of the vehicles on from_link without a destination; of all its turns or of none, 1 in sum.",
        float, "", 0.0, 1.0, False,
    ),
}  # fmt: skip
PHASES = {
    "signal": _text("Name of the signal, as nodes say it."),
    "phase": Column("0, 1, ... in the order of the programme.", int, "", 0, 99),
    "green_s": Column("Length of the green in the file's own programme.", float, "s", 0.1, 3600.0),
    "yellow_s": Column("After the green, for turns that are red in the next phase.", float, "s", 0.0, 3600.0),
    "all_red_s": Column("After the yellow.", float, "s", 0.0, 3600.0),
    "offset_s": Column(
        "Clock time at which phase 0 begins, once; the same in every row of a signal.", float, "s"
    ),
}  # fmt: skip
DEMAND = {
    "from_link": _text("Where vehicles enter.", refers="links"),
    "to_link": _text("Where they go; where left out, they turn by shares.", needed=False, refers="links"),
    "start_s": Column("Clock time, as in about.toml.", float, "s", 0.0),
    "end_s": Column("Clock time, after start_s.", float, "s", 0.0),
    "veh_per_h": Column("Mean rate of entries.", float, "veh/h", 0.0, 1e5),
}
TRIPS = {
    "trip": _text("Name of the vehicle; no two are the same."),
    "depart_s": Column("Clock time at which it wants to enter.", float, "s", 0.0),
    "from_link": _text("Where it enters.", refers="links"),
    "to_link": _text("Where it goes.", refers="links"),
    "route": _text("Name in routes.csv; the shortest way by free-flow time where left out.", needed=False),
}
ROUTES = {
    "route": _text("Name of the route; its rows stand together."),
    "place": Column("0, 1, ... along the route.", int, "", 0, 1e6),
    "link": _text("The link there; a turn leads to it from the one before.", refers="links"),
}
TABLES: dict[str, dict[str, Column]] = {
    "nodes": NODES, "links": LINKS, "turns": TURNS, "phases": PHASES,
    "demand": DEMAND, "trips": TRIPS, "routes": ROUTES,
}  # fmt: skip
UNIQUE = ("nodes", "links", "turns", "trips")  # tables whose first column names each row
ABOUT = {
    "title": _text("Name of the place.", needed=False),
    "source": _text("Where the numbers come from.", needed=False),
    "licence": _text("What may be done with them.", needed=False),
    "drives_on": _text("Side of the road.", allowed=("right", "left")),
    "start_s": Column("Clock time of tick 0.", float, "s", 0.0),
    "period_s": Column("Length of the demand, which then repeats.", float, "s", 1.0),
    "space_per_vehicle_m": Column("Length and gap of a standing vehicle.", float, "m", 1.0, 100.0),
}
