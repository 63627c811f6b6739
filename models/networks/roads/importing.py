"""Which reader reads which file: networks and demand of other programs become one road case."""

import gzip
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ET
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
from scipy.spatial import ConvexHull, QhullError

from engine import files
from models.networks.roads import counts, graphml, sumo
from models.networks.roads.case import RoadCase, frame
from models.networks.roads.sumo_demand import Demand
from models.networks.roads.sumo_elements import seconds
from scenarios import LARGEST_FILE, ScenarioError, check_regular

MAPS = (".osm", ".osm.xml", ".osm.gz")  # of OpenStreetMap
NETWORKS = (".net.xml", ".net.xml.gz", ".sumocfg", *MAPS, ".graphml")
ENTRY_VEH_PER_H, MOST_ENDS = 200.0, 10  # at each edge of a map that comes without demand; where they go
SUMO, NETWORK = "sumo", "network.net.xml"  # what a case keeps for SUMO
SHORT = {"n": "net-file", "r": "route-files", "a": "additional-files", "b": "begin", "e": "end"}  # in a .sumocfg
KINDS = f"a network ({', '.join(NETWORKS)})"
TAKES = ["--geometry.remove", "--ramps.guess", "--junctions.join", "--tls.guess-signals", "--tls.discard-simple",
         "--tls.join", "--tls.default-type", "static", "--keep-edges.by-vclass", "passenger",
         "--remove-edges.isolated", "--output.street-names"]  # fmt: skip  # what SUMO's own OSM wizard takes


def read(
    network: Path,
    demand: Sequence[Path] = (),
    begin_s: float | None = None,
    end_s: float | None = None,
    keep: Path | None = None,
) -> RoadCase:
    """A road case from a network, with demand.

    Parameters
    ----------
    network
        A SUMO network, a SUMO configuration that names one and its demand, a map of OpenStreetMap, or a street network
        of OSMnx (GraphML).
    demand
        SUMO files of routes, trips and flows, or one table of counts (.csv). Without any, some vehicles cross the map
        from edge to edge.
    begin_s, end_s
        The period, clock time in s; by default that of the configuration, else of the trips.
    keep
        Folder for copies of what SUMO itself needs to run the case: `sumo_files` finds them there.

    Raises
    ------
    ScenarioError
        File, what is wrong, and what to do.
    """
    where = "import"
    name = network.name.lower()
    if not name.endswith(NETWORKS):
        raise ScenarioError(f"{where}: {network}: this kind of file is not known; give {KINDS}")
    if not network.exists():
        raise ScenarioError(f"{where}: {network}: there is no such file")
    tables = [path for path in demand if path.suffix.lower() == ".csv"]
    if tables and (len(demand) > 1 or name.endswith(".sumocfg")):
        raise ScenarioError(f"{where}: {tables[0]}: counts are the whole demand; give them alone, with a network")
    if name.endswith(".graphml"):
        if len(demand) > len(tables):
            raise ScenarioError(f"{where}: {demand[0]}: names edges of SUMO's networks; give counts in a .csv")
        return _with(graphml.read(network, where), tables, where)
    if tables:
        demand = ()
    additional: list[Path] = []
    if name.endswith(".sumocfg"):
        network, additional, named, begin, end = _configuration(network, where)
        name, demand = network.name.lower(), (*named, *demand)
        begin_s, end_s = begin if begin_s is None else begin_s, end if end_s is None else end_s
    trips = Demand(begin_s, end_s)
    for path in (*additional, *demand):
        trips.add(path, where)
    with tempfile.TemporaryDirectory() as folder:
        if name.endswith(MAPS):
            network = _converted(network, Path(folder), where)
        elif name.endswith(".gz"):
            network = _unpacked(network, Path(folder), where)
        case = sumo.read(network, trips, where, additional)
        case = case if demand else _with(case, tables, where)
        if keep is not None:
            _keep(keep / SUMO, network, demand, additional)
        return case


def _with(case: RoadCase, tables: list[Path], where: str) -> RoadCase:
    return counts.add(case, tables[0], where) if tables else with_demand(case)


def with_demand(case: RoadCase) -> RoadCase:
    """The case, with vehicles that cross the map from edge to edge where it has no demand."""
    if len(case.demand) or len(case.trips):
        return case
    streets = {frozenset(ends) for ends in zip(case.links.from_node, case.links.to_node, strict=True)}
    neighbours = Counter(node for ends in streets for node in ends)
    dead_ends = {node for node, number in neighbours.items() if number == 1}
    edge = dead_ends or _outermost(case)
    entries = case.links.link[case.links.from_node.isin(edge)].tolist()
    exits = set(case.links.link[case.links.to_node.isin(edge)])
    roads = nx.DiGraph(list(zip(case.turns.from_link, case.turns.to_link, strict=True)))
    period = {"start_s": case.about.start_s, "end_s": case.about.start_s + case.about.period_s}
    rows = []
    for entry in entries:
        ends = sorted(nx.descendants(roads, entry) & exits) if entry in roads else []
        chosen = ends[:: max(len(ends) // MOST_ENDS, 1)]
        rows += [
            {"from_link": entry, "to_link": end, "veh_per_h": ENTRY_VEH_PER_H / len(chosen), **period} for end in chosen
        ]
    note = (
        f"No demand was given: {ENTRY_VEH_PER_H:g} vehicles an hour enter on each of {len(entries)} links at the edge"
        + ("" if dead_ends else f" (no street ends here, so they enter at the {len(edge)} outermost nodes)")
    )
    about = replace(case.about, notes=(*case.about.notes, f"{note}, and cross the map."))
    return replace(case, about=about, demand=frame("demand", rows))


def _outermost(case: RoadCase) -> set[str]:
    """Nodes around which no others lie; all where they lie on a line."""
    places = case.nodes[["x_m", "y_m"]].to_numpy()
    try:
        hull = ConvexHull(places).vertices
    except (QhullError, ValueError):
        hull = np.arange(len(places))
    return set(case.nodes.node.iloc[hull])


def sumo_files(folder: Path) -> tuple[Path, list[Path], list[Path]]:
    """Network, demand and additional files that were kept in the folder of a case (raises ScenarioError)."""
    network = folder / SUMO / NETWORK
    demand, additional = (sorted(network.parent.glob(f"{kind}*.xml")) for kind in ("demand", "additional"))
    if not network.exists() or not demand:
        what = (
            f"has no {SUMO}/{NETWORK}" if not network.exists() else "has no routes of SUMO, so nobody would drive there"
        )
        raise ScenarioError(f"{folder}: {what}; import it again from SUMO's network and its routes (--demand)")
    return network, demand, additional


def _keep(folder: Path, network: Path, demand: Sequence[Path], additional: Sequence[Path]) -> None:
    with files.remedy("choose a folder that may be written to"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        shutil.copyfile(network, folder / NETWORK)
        for kind, paths in (("demand", demand), ("additional", additional)):
            for number, path in enumerate(paths):
                shutil.copyfile(path, folder / f"{kind}{number:03}.xml")


def _configuration(path: Path, where: str) -> tuple[Path, list[Path], list[Path], float | None, float | None]:
    """Network, additional files, files of demand and period that a SUMO configuration names."""
    try:
        check_regular(path)
        elements = list(ET.parse(path).getroot().iter())
    except (OSError, ET.ParseError, ValueError, LookupError) as error:
        raise ScenarioError(f"{where}: {path} is not a SUMO configuration ({error})") from None
    said = {SHORT.get(e.tag, e.tag): (e.get("value") or e.get("v") or "").strip() for e in elements}
    if not said.get("net-file"):
        raise ScenarioError(f"{where}: {path} names no net-file; give the network itself")
    more, demand = (
        [path.parent / name for name in said.get(kind, "").replace(",", " ").split()]
        for kind in ("additional-files", "route-files")
    )
    begin, end = (
        None if said.get(name, "")[:1] in ("", "-") else seconds(said[name], f"{path}: {name}")
        for name in ("begin", "end")
    )
    return path.parent / said["net-file"], more, demand, begin, end


def _converted(path: Path, folder: Path, where: str) -> Path:
    """A map of OpenStreetMap as a SUMO network, by SUMO's own `netconvert`."""
    import sumo as binaries  # an extra

    found = folder / f"{path.name.split('.')[0]}.net.xml"
    program = str(Path(binaries.SUMO_HOME) / "bin" / "netconvert")
    made = subprocess.run([program, "--osm-files", str(path), "--output-file", str(found), *TAKES],
                          capture_output=True, text=True)  # fmt: skip
    if made.returncode or not found.exists():
        said = (made.stderr.strip().splitlines() or ["nothing"])[0]
        raise ScenarioError(f"{where}: {path}: netconvert cannot read this map; it says: {said}")
    return found


def _unpacked(path: Path, folder: Path, where: str) -> Path:
    found = folder / path.stem
    try:
        check_regular(path)
        with gzip.open(path) as packed:
            text = packed.read(LARGEST_FILE + 1)  # however much it would unpack to
    except (OSError, EOFError, zlib.error) as error:
        raise ScenarioError(f"{where}: {path} cannot be unpacked ({error})") from None
    if len(text) > LARGEST_FILE:
        raise ScenarioError(f"{where}: {path} unpacks to more than {LARGEST_FILE:,} bytes; import a part of the map")
    found.write_bytes(text)
    return found
