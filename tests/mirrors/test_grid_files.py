"""Slips in files of network cases, and MATPOWER's own ways of writing them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import models
from models.grid import case
from scenarios import ScenarioError

HERE = "scenarios/grid/mine.toml"
BUSES = "bus,load_mw\nA,0\n"
LINES = "from_bus,to_bus,reactance_pu,limit_mw\nA,B,0.1,50\n"
UNITS = "unit,bus,max_mw,cost_per_mwh\n"
COSTS = "unit,mw,cost_per_h\n"
TABLES = {
    "about.toml": 'source = "a test"\nbase_mva = 100\n',
    "buses.csv": f"{BUSES}B,90\nC,60\n",
    "lines.csv": f"{LINES}B,C,0.1,\nA,B,0.2,40\n",
    "units.csv": "unit,bus,max_mw,cost_per_mwh\nG1,A,200,10\nG2,C,100,30\n",
}
HOURS = "hour,B\n" + "".join(f"{hour},90\n" for hour in range(24))
WITHOUT_LOAD = "bus\nA\nB\nC\n"


def folder_of(tmp_path, **changes):
    """A folder of tables; changes are texts by name of the file without its end, None for a file that is not there."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for file, text in TABLES.items():
        text = changes.get(file.split(".")[0], text)
        if text is not None:
            (folder / file).write_text(text, encoding="utf-8")
    for table in {"hours", "costs"} & set(changes):
        (folder / f"{table}.csv").write_text(changes[table], encoding="utf-8")
    return folder


def answer(name):
    """The message of a refusal: one line."""
    with pytest.raises(ScenarioError) as refused:
        case.read(str(name), HERE)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_tables_name_parallel_lines_and_fill_in_what_they_leave_out(tmp_path):
    network = case.read(str(folder_of(tmp_path)), HERE)
    assert network.line_names == ["A-B", "B-C", "A-Bb"]
    assert network.limit_mw.tolist() == [50, np.inf, 40]
    assert network.unit_company == ["G1", "G2"]
    assert (network.tap.tolist(), network.shift_deg.tolist()) == ([1, 1, 1], [0, 0, 0])
    assert network.load_mw[[3, 17]].sum(axis=1).tolist() == [pytest.approx(0.59 * 150), 150]


def test_a_table_of_hours_gives_loads_their_own_course(tmp_path):
    network = case.read(str(folder_of(tmp_path, buses=WITHOUT_LOAD, hours=HOURS.replace("5,90", "5,70"))), HERE)
    assert network.load_mw[[4, 5]].tolist() == [[0, 90, 0], [0, 70, 0]]


SLIPS = {  # file, its text -> what follows the folder
    ("about", None): "/about.toml: cannot be read (No such file or directory); a case has about.toml, buses.csv, "
    "lines.csv, units.csv",
    ("about", "base_mva 100"): "/about.toml: not a TOML file: ",
    ("about", 'source = "a test"\nbase_mva = "100"'): '/about.toml: needs source = "one sentence" and base_mva = a '
    "number, such as 100",
    ("about", 'source = "a test"\nbase_mva = 0'): "/about.toml: base_mva is 0; write a number above 0",
    ("buses", ""): "/buses.csv: is empty; its first row names the columns",
    ("buses", "bus,load_mw\n"): "/buses.csv: has no buses; write a row for each",
    ("buses", f"{BUSES}A,90\nC,60\n"): '/buses.csv, row 3: the name "A" is taken by {0}/buses.csv, row 2; names '
    "must differ",
    ("buses", f"{BUSES}B,ninety\nC,60\n"): "/buses.csv, row 3: load_mw is 'ninety'; write a number with a decimal "
    "point",
    ("buses", f"{BUSES}B,nan\nC,60\n"): "/buses.csv, row 3: load_mw is nan; write a finite number",
    ("buses", f"{BUSES}B,-5\nC,60\n"): "/buses.csv, row 3: load_mw is -5; at least 0; enter what feeds in as a unit",
    ("buses", "bus,load\nA,0\nB,90\nC,60\n"): '/buses.csv, row 2: there is no column "load"; there are bus, '
    'load_mw, x, y. Did you mean "load_mw"?',
    ("buses", "bus,load_mw,load_mw\n"): "/buses.csv, row 1: two columns are named 'load_mw'; keep one",
    ("buses", f"{BUSES}B,9,5\nC,60\n"): "/buses.csv, row 3: has 3 cells, the header 2; ",
    ("buses", 'bus,load_mw\nA,"0\n'): "/buses.csv, row 2: not a CSV table (unexpected end of data)",
    ("buses", WITHOUT_LOAD): "/buses.csv: there is no load at hour 0; a market needs some at some bus",
    ("buses", f"{BUSES}B,90\nC,60\nD,5\nE,5\n"): "/lines.csv: no line leads from the other buses to D, E; add a "
    "line that joins them, or delete their rows in {0}/buses.csv",
    ("lines", "from_bus,to_bus\nA,B\nB,C\n"): "/lines.csv, row 2: reactance_pu is missing; every row needs "
    "from_bus, to_bus, reactance_pu",
    ("lines", f"{LINES}B,C,0,\n"): "/lines.csv, row 3: reactance_pu is 0; write a small one (0.0001), or merge its "
    "buses",
    ("lines", f"{LINES}B,B,0.1,\n"): "/lines.csv, row 3: leads from a bus to itself; name two buses, or delete the row",
    ("lines", f"{LINES}B,D,0.1,\n"): '/lines.csv, row 3: to_bus is "D"; there is no such bus; there are A, B, C.',
    ("lines", f"{LINES}B,C,0.1,-50\n"): "/lines.csv, row 3: limit_mw is -50; at least 0; leave it empty for a line "
    "without limit",
    ("lines", f"{LINES}B,C,0.1,0\n"): "/lines.csv, row 3: limit_mw is 0; delete the line, or leave it empty for one "
    "without limit",
    ("lines", "from_bus,to_bus,reactance_pu,tap\nA,B,0.1,\nB,C,0.1,-1\n"): "/lines.csv, row 3: tap is -1; at least "
    "0.1",
    ("units", UNITS): "/units.csv: no unit can give power; write one with max_mw above 0",
    ("units", f"{UNITS}G1,A,0,10\n"): "/units.csv: no unit can give power; write one with max_mw above 0",
    ("units", f"{UNITS}G1,A,200,10\nG2,D,100,30\n"): '/units.csv, row 3: bus is "D"; there is no such bus; there are '
    "A, B, C.",
    ("units", f"{UNITS}G1,A,200,10\nG1,C,100,30\n"): '/units.csv, row 3: the name "G1" is taken by {0}/units.csv, '
    "row 2; names must differ",
    ("units", "unit,bus,min_mw,max_mw,cost_per_mwh\nG1,A,300,200,10\n"): "/units.csv, row 2: min_mw 300 is above "
    "max_mw 200; exchange them",
    ("units", f"{UNITS}G1,A,-200,10\n"): "/units.csv, row 2: min_mw 0 is above max_mw -200; what takes power has a "
    "min_mw below 0",
    ("units", f"{UNITS}G1,A,200,\nG2,C,100,30\n"): "/units.csv, row 2: cost_per_mwh is missing; write it, or give "
    "points in costs.csv",
    ("costs", f"{COSTS}G1,0,0\n"): "/units.csv, row 2: G1 has a cost here and points at {0}/costs.csv, row 2; empty "
    "cost_per_mwh, cost_per_mw2h and fixed_cost_per_h, or delete the points",
    ("costs", f"{COSTS}G3,0,0\n"): '/costs.csv, row 2: there is no unit "G3". Did you mean "G2"?',
    ("costs", f"{COSTS}G1,0\n"): "/costs.csv, row 2: has 2 cells, the header 3; ",
    ("units", "unit,bus,max_mw,cost_per_mwh,cost_per_mw2h\nG1,A,200,10,-1\n"): "/units.csv, row 2: cost_per_mw2h is "
    "-1; at least 0; costs that fall with output have no single optimum, so take a straight line",
    ("hours", HOURS): "/buses.csv: load stands in {0}/hours.csv; delete the column load_mw",
}  # fmt: skip


@pytest.mark.parametrize(("slip", "message"), SLIPS.items())
def test_a_slip_in_a_table_is_answered_with_file_row_and_remedy(slip, message, tmp_path):
    folder = folder_of(tmp_path, **{slip[0]: slip[1]})
    assert answer(folder).startswith(f"{folder}{message.format(folder)}")


COST_SLIPS = {
    "G1,0,0\n": ", row 2: this cost has one point; give two or more",
    "G1,0,0\nG1,50,500\nG1,50,900\n": ", row 4: 50 MW follows 50 MW; write points with rising output",
    "G1,0,0\nG1,50,900\nG1,200,1000\n": ", row 4: marginal cost falls from 18 to 0.666667 $/MWh; costs that fall have "
    "no price that supports them, so join these pieces into one",
}


@pytest.mark.parametrize(("text", "message"), COST_SLIPS.items())
def test_a_slip_in_the_points_of_a_cost_is_answered_with_its_row(text, message, tmp_path):
    folder = folder_of(tmp_path, units=f"{UNITS}G1,A,200,\nG2,C,100,30\n", costs=COSTS + text)
    assert answer(folder) == f"{folder}/costs.csv{message}"


HOUR_SLIPS = {
    HOURS.removesuffix("23,90\n"): ": has 23 hours; write 24 rows, hour 0 to 23",
    HOURS.replace("7,90", "8,90", 1): ", row 9: hour is 8 instead of 7; rows go from hour 0 to 23",
    HOURS.replace("7,90", "7,-1", 1): ": B is -1 in hour 7; at least 0; enter what feeds in as a unit",
    HOURS.replace("7,90", "7,0", 1): ": there is no load at hour 7; a market needs some at some bus",
    HOURS.replace("hour,B", "hour,D"): ', row 1: "D" is neither a bus nor a unit; there are A, B, C, G1, G2.',
    HOURS.replace("7,90", "7,", 1): ", row 9: B is empty; write a number, with a point",
    HOURS.replace("7,90", "7,many", 1): ", row 9: B is 'many'; write a number, with a point",
    HOURS.replace("hour,B", "when,B"): ", row 1: the first column says when; name it time or hour, and ",
}


@pytest.mark.parametrize(("text", "message"), HOUR_SLIPS.items())
def test_a_slip_in_the_hours_is_answered_with_its_row(text, message, tmp_path):
    folder = folder_of(tmp_path, buses=WITHOUT_LOAD, hours=text)
    assert answer(folder).startswith(f"{folder}/hours.csv{message}")


def test_a_case_that_is_not_there_is_answered_with_what_is():
    message = f'{HERE}: case = "ieee15": there is no such case; allowed are {", ".join(case.names())}, a folder of'
    assert answer("ieee15") == f'{message} tables, or a MATPOWER-format .m file. Did you mean "ieee14"?'
    assert answer("missing.m").startswith(f'{HERE}: case = "missing.m": there is no such case; allowed are ')


def test_a_file_of_another_format_is_not_said_to_be_missing(tmp_path):
    (path := tmp_path / "net.json").write_text("{}", encoding="utf-8")
    allowed = "this kind of file cannot be read; give a folder of tables, or a MATPOWER-format .m file"
    assert answer(path) == f'{HERE}: case = "{path}": {allowed}'


# MATPOWER's own ways of writing

MATPOWER = """function mpc = mine  % a comment
%{
a block of them
%}
mpc.version = '2';
mpc.baseMVA = 1e2;
%%  bus_i type Pd Qd Gs Bs area Vm Va baseKV zone Vmax Vmin
mpc.bus = [
    10  3  0     0 0 0 1 1 0 230 1 1.1 0.9;
    20, 1, 9e1,  0, 5, 0, 1, 1, 0, 230, 1, 1.1, 0.9   % a row ends with its line
    30  2  -4.5  0 0 0 1 ...
           1 0 230 1 1.1 0.9;
    40  4  70    0 0 0 1 1 0 230 1 1.1 0.9;
];
mpc.bus_name = {'per cent % and ] in quotes'; 'B'; 'C'; 'D'};
mpc.gen = [
    10 0 0 Inf -Inf 1 100 1 200 20; % NG
    10 0 0 0 0 1 100 1 50 0; % COW
    20 0 0 0 0 1 100 0 50 0; % NG
    20 0 0 0 0 1 100 1 0 0; % SYNC
    40 0 0 0 0 1 100 1 50 0; % NG
];
mpc.gencost = [
    2 0 0 3 0.01 12 100;
    2 0 0 2 15 0 0;
    2 0 0 1 0 0 0;
    2 0 0 4 0 0 1 0;
    1 0 0 2 0 5 50 505;
];
mpc.branch = [10 20 0.01 0.1 0 250 0 0 0 0 1 -360 360; 20 30 0 0.2 0 0 0 0 0.98 -3 1 -360 360
    20 30 0 0.2 0 1e11 0 0 0 0 1 -360 360; 10 30 0 0.2 0 0 0 0 0 0 0 -360 360; 10 40 0 0.2 0 0 0 0 0 0 1 -360 360];
"""


def file_of(tmp_path, old="", new=""):
    assert old in MATPOWER
    path = tmp_path / "mine.m"
    path.write_text(MATPOWER.replace(old, new, 1) if old else MATPOWER, encoding="utf-8")
    return path


def test_a_matpower_file_is_read_as_matpower_reads_it(tmp_path):
    network = case.read(str(file_of(tmp_path)), HERE)
    assert (network.name, network.base_mva, network.bus_names) == ("mine", 100, ["10", "20", "30"])
    assert network.load_mw[17].tolist() == [0, 95, 0]  # shunts count; the isolated bus does not
    assert network.line_names == ["10-20", "20-30", "20-30b"]
    assert network.limit_mw.tolist() == [250, np.inf, np.inf]
    assert (network.tap.tolist(), network.shift_deg.tolist()) == ([1, 0.98, 1], [0, -3, 0])
    assert network.unit_names == ["G10a", "G10b", "G30"]
    assert network.unit_company == ["G10", "G10", "G30"]
    assert network.unit_fuel == ["NG", "COW", ""]
    assert (network.min_mw.tolist(), network.max_mw.tolist()) == ([20, 0, 4.5], [200, 50, 4.5])
    assert network.cost_per_mw2h.tolist() == [0.01, 0, 0]
    assert network.cost_per_mwh.tolist() == [12, 15, 0]
    assert network.fixed_cost_per_h.tolist() == [100, 0, 0]


def test_a_cost_line_between_two_points_is_a_straight_line(tmp_path):
    network = case.read(str(file_of(tmp_path, "2 0 0 2 15 0 0;", "1 0 0 2 10 205 50 805 0;")), HERE)
    assert (network.cost_per_mwh[1], network.fixed_cost_per_h[1]) == (15, 55)


def test_a_matpower_file_may_have_a_byte_order_mark_and_an_ending_in_capitals(tmp_path):
    path = tmp_path / "MINE.M"
    path.write_text(MATPOWER, encoding="utf-8-sig")
    assert case.read(str(path), HERE).base_mva == 100


def test_least_output_that_is_left_out_is_said_once_with_its_megawatts(tmp_path):
    world = models.make("grid/ames5", case=file_of(tmp_path), seed=0)
    assert world.notes() == [
        "The least output of 2 units (24 MW) is left out of the market: they may stop, and costs can be lower than "
        'true. To keep to it, set commitment = "as given".'
    ]
    assert world.panels()[0].sentences == world.notes()
    assert models.make("grid/ames5", seed=0).notes() == []


MATPOWER_SLIPS = {  # what stands there, what is written instead -> what follows the file
    ("mpc.version = '2'", "mpc.version = '1'"): ", line 5: only version 2 is read; convert it with savecase",
    ("mpc.baseMVA = 1e2;", ""): ": has no mpc.baseMVA; write a whole case with savecase of MATPOWER",
    ("mpc.baseMVA = 1e2;", "mpc.baseMVA = all;"): ", line 6: column 1 of mpc.baseMVA is 'all'; write a number",
    ("mpc.baseMVA = 1e2;", "mpc.baseMVA = -1;"): ": base_mva is -1; write a number above 0",
    ("mpc.baseMVA = 1e2;", "Vbase = 12e3;"): ', line 6: "Vbase = 12e3;" cannot be read; only numbers assigned to '
    "mpc are read: run the file in MATPOWER and write the result with savecase",
    ("10  3  0  ", "10  3  zero"): ", line 9: column 3 of mpc.bus is 'zero'; write a number",
    ("10  3  0     0 0 0 1 1 0 230 1 1.1 0.9;", "10 3 0;"): ", line 9: mpc.bus has 3 columns; at least 5",
    ("10  3  0  ", "20  3  0  "): ', line 10: the name "20" is taken by {0}, line 9; names must differ',
    ("10 0 0 0 0 1 100 1 50 0; % COW", "50 0 0 0 0 1 100 1 50 0;"): ', line 18: bus is "50"; there is no such bus; '
    "there are ",
    ("1 200 20;", "1 -200 20;"): ", line 17: min_mw 20 is above max_mw -200; what takes power has a min_mw below 0",
    ("1 200 20;", "1 200;"): ", line 17: mpc.gen has 9 columns; at least 10",
    ("2 0 0 3 0.01 12 100;", "2 0 0 4 0.01 12 1 0;"): ", line 24: this cost function is not read; take a polynomial "
    "of degree 2 at most (model 2), or two points or more (model 1)",
    ("2 0 0 2 15 0 0;", "1 0 0 3 0 0 9 9 20;"): ", line 25: this cost function is not read; ",
    ("2 0 0 2 15 0 0;", "1 0 0 3 0 0 9 90 20 100;"): ", line 25: marginal cost falls from 10 to 0.909091 $/MWh; ",
    ("2 0 0 2 15 0 0;", "2 0 0 NaN 15 0 0;"): ", line 25: this cost function is not read; ",
    ("2 0 0 3 0.01 12 100;", "2 0 0 3 -0.01 12 100;"): ", line 24: cost_per_mw2h is -0.01; at least 0",
    ("2 0 0 2 15 0 0;", ""): ", line 24: mpc.gencost has 4 rows for 5 units",
    ("mpc.bus_name = {", "mpc.genfuel = {'ng'}; mpc.note = {"): ", line 15: mpc.genfuel has 1 rows for 5 units",
    ("10 20 0.01 0.1", "10 20 0.01 0"): ", line 30: reactance_pu is 0; write a small one (0.0001), or merge its buses",
    ("0.1 0 250", "0.1 0 -250"): ", line 30: limit_mw is -250; at least 0; leave it empty for a line without limit",
    ("10 20 0.01 0.1 0 250 0 0 0 0 1", "10 20 0.01 0.1 0 250 0 0 0 0 0"): ": no line leads from the other buses to "
    "10; ",
    ("1 -360 360];", "1 -360 360"): ': mpc.branch has no "]" at its end; the file seems to be cut',
    ("function mpc", "mpc.dcline = [10 20 1 0 0 0 0 0];\nfunction mpc"): ", line 1: lines of direct current are not "
    "modelled; set its status to 0",
    ("function mpc", "mpc.storage = [10 0 0 5 20 1 1 0 0 0 0];\nfunction mpc"): ", line 1: mpc.storage is not read: "
    "enter a store as a unit with min_mw below 0, or as the world's storage unit (storage_bus)",
}  # fmt: skip


@pytest.mark.parametrize(("slip", "message"), MATPOWER_SLIPS.items())
def test_a_slip_in_a_matpower_file_is_answered_with_its_line(slip, message, tmp_path):
    path = file_of(tmp_path, *slip)
    assert answer(path).startswith(f"{path}{message.format(path)}")


@settings(max_examples=150, deadline=None)
@given(cut=st.integers(0, len(MATPOWER)), put=st.text(max_size=6), end=st.integers(0, 12))
def test_a_matpower_file_with_anything_put_into_it_is_read_or_refused_in_one_line(cut, put, end, tmp_path_factory):
    path = tmp_path_factory.mktemp("case") / "mine.m"
    path.write_text(MATPOWER[:cut] + put + MATPOWER[cut + end :], encoding="utf-8")
    try:
        case.read(str(path), HERE)
    except ScenarioError as refused:
        assert "\n" not in str(refused)
