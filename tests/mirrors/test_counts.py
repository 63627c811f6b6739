"""Tables of counts as the demand of a road case: the ways in which people write them, and what is wrong with them."""

from pathlib import Path

import networkx as nx
import pytest

import models
from models.networks.roads import counts, importing
from models.networks.roads.case import RoadCase
from scenarios import ScenarioError

TOWN = Path(__file__).parents[2] / "models" / "traffic" / "cases" / "market_town"


@pytest.fixture(scope="module")
def town():
    return RoadCase.read(TOWN)


@pytest.fixture(scope="module")
def gates(town):
    """Two links where vehicles enter."""
    return [link for link in town.links.link if link not in set(town.turns.to_link)][:2]


def added(town, text, folder):
    path = folder / "counts.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return counts.add(town, path, "import")


WRITTEN = [  # the same two counts on the first link
    "link,time,veh_per_h\n{a},7:00,360\n{a},08:00,180\n",
    "link,hour,veh_per_h\n{a},7,360\n{a},8.0,180\n",
    "Link,TIME,veh/s\n{a},07:00:00,0.1\n{a},8:00,0.05\n",
    "\ufeffLINK;Hour;Veh/s\r\n{a};7,0;0,1\r\n{a};8;0,05\r\n",
    "link\ttimestamp\tveh_per_h\n{a}\t2024-05-31T07:00\t360,0\n{a}\t2024-05-31T08:00+02:00\t180\n",
    "time,veh_per_h,entry\n8,180,{a}\n\n7,360,{a}\n\n",
    "link,time,veh_per_h\n{a},7:00,300\n{a},7:00,420\n{a},8:00,180\n",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_counts_are_the_same_however_they_are_written(text, town, gates, tmp_path):
    case = added(town, text.replace("{a}", gates[0]), tmp_path)
    rows = [*case.demand[["from_link", "to_link", "start_s", "end_s", "veh_per_h"]].itertuples(index=False, name=None)]
    assert rows == [(gates[0], "", 25_200, 28_800, 360.0), (gates[0], "", 28_800, 32_400, 180.0)]
    assert (case.about.start_s, case.about.period_s) == (25_200, 7_200)
    case.write(tmp_path / "case")
    assert RoadCase.read(tmp_path / "case") == case
    assert ("mean of several" in " ".join(case.about.notes)) == ("420" in text)


def test_gaps_empty_cells_and_days_are_reported_and_nobody_enters_in_a_gap(town, gates, tmp_path):
    a, b = gates
    text = "link,time,veh_per_h\n" + "".join(f"{a},2024-05-31 {h:02}:00,60\n" for h in (6, 7, 8, 12, 13))
    text += f"{b},2024-06-01 06:00,90\n{b},2024-06-01 07:00,\n"
    case = added(town, text, tmp_path)
    hours = case.demand.veh_per_h * (case.demand.end_s - case.demand.start_s) / 3600
    assert hours.sum() == 5 * 60 + 90 and case.demand.start_s.max() == 86_400 + 6 * 3_600
    told = " ".join(case.about.notes)
    assert "1 gaps between counts" in told and "1 rows without a number left out" in told
    assert "6 counts of 60 minutes read on 2 links" in told


def test_vehicles_enter_as_often_as_they_were_counted(town, gates, tmp_path):
    case = added(town, f"link,time,veh_per_h\n{gates[0]},7:00,600\n{gates[0]},8:00,600\n", tmp_path)
    case.write(tmp_path / "case")
    given = {"case": str(tmp_path / "case"), "drivers": "turn"}
    world = models.make("traffic/market_town", learner="max_pressure", seed=3, **given)
    world.run(7_200)
    assert world.record.frame()["throughput_veh_per_h"].iloc[4:].mean() == pytest.approx(600, rel=0.1)


def test_a_street_network_takes_counts_and_refuses_what_it_cannot_take(tmp_path):
    graph = nx.MultiDiGraph(crs="epsg:4326")
    for name, x in (("a", 8.0), ("b", 8.004), ("c", 8.008)):
        graph.add_node(name, x=x, y=50.0)
    graph.add_edges_from([("a", "b", {"length": 280.0}), ("b", "c", {"length": 280.0})])
    nx.write_graphml(graph, tmp_path / "TOWN.GRAPHML")
    (link,) = (row.link for row in importing.read(tmp_path / "TOWN.GRAPHML").links.itertuples() if row.from_node == "a")
    (tmp_path / "c.CSV").write_text(f"link,time,veh_per_h\n{link},7,60\n", encoding="utf-8")
    case = importing.read(tmp_path / "TOWN.GRAPHML", [tmp_path / "c.CSV"])
    assert case.demand.veh_per_h.tolist() == [60.0] and case.about.start_s == 25_200
    with pytest.raises(ScenarioError, match=r"give counts in a \.csv"):
        importing.read(tmp_path / "TOWN.GRAPHML", [tmp_path / "d.rou.xml"])
    with pytest.raises(ScenarioError, match="counts are the whole demand; give them alone"):
        importing.read(tmp_path / "TOWN.GRAPHML", [tmp_path / "c.CSV", tmp_path / "d.rou.xml"])


SPOILED = [
    ("", "not a CSV table"),
    ("link,time\n", "a column is missing; name it veh_per_h or veh_per_s"),
    ("link,time,veh_per_h\n", "has no counts"),
    ("link,time,veh_per_hour\n{a},7,3\n", 'no column "veh_per_hour".*Did you mean "veh_per_h"'),
    ("link,entry,time,veh_per_h\n{a},{a},7,3\n", 'two columns say the same, "link" and "entry"'),
    ("link,time,veh_per_h\nnowhere,7,3\n", 'row 2: link is "nowhere", which is no link of the case'),
    ("link,time,veh_per_h\n{a},25,3\n", "row 2: time is '25'; write 7:30"),
    ("link,time,veh_per_h\n{a},7:75,3\n", "row 2: time is '7:75'; write 7:30"),
    ("link,time,veh_per_h\n{a},7,3\n{a},8,-1\n", "row 3: the count is '-1'; write a number from 0 on, with a point"),
    ("link,time,veh_per_h\n{a},7,nan\n", "the count is 'nan'"),
    ("link;time;veh_per_h\n{a};7;many\n", "with a point or comma"),
    ("link,time,veh_per_h\n{a},2024-05-31 07:00,3\n{a},8,3\n", "row 3: time is '8' where other rows have a date"),
    (b"\xff\xfe\x00", "cannot be read"),
]


@pytest.mark.parametrize(("text", "said"), SPOILED)
def test_tables_that_cannot_be_understood_are_refused_in_a_sentence(text, said, town, gates, tmp_path):
    text = text.replace("{a}", gates[0]) if isinstance(text, str) else text
    with pytest.raises(ScenarioError, match=said) as refused:
        added(town, text, tmp_path)
    assert "\n" not in str(refused.value)
