"""Programmes of SUMO's signals as phases of a road case.

Only what cars see counts: letters of pedestrians and of lanes that were left out do not. Stages that show cars the
same are one. A stage with yellow, or without any green, is lost after the phase before it; so is a short stage after
yellow in which is green what was green before and will be after (others are cleared meanwhile). Of several programmes
the last is in force, as in SUMO. Format: https://sumo.dlr.de/docs/Simulation/Traffic_Lights.html.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from models.networks.roads import sumo_elements
from scenarios import ScenarioError

GREEN, PERMITTED, CHANGE = "GO", "gos", "yYu"  # letters of SUMO; the rest is red
CLEARED_S = 5.0  # longest stage of clearance


@dataclass
class Phase:
    """A green stage, and what is lost after it."""

    state: dict[int, str]  # letter of every connection for cars
    green_s: float
    yellow_s: float = 0.0
    all_red_s: float = 0.0

    def lengths(self) -> dict[str, float]:
        """The columns of phases.csv."""
        return {"green_s": self.green_s, "yellow_s": self.yellow_s, "all_red_s": self.all_red_s}


@dataclass(frozen=True)
class Signal:
    """A programme: phase 0 begins at `offset_s`."""

    offset_s: float
    phases: list[Phase]


Stages = list[tuple[float, str]]  # seconds, letters


def programmes(
    net: Any, held: dict[str, set[int]], additional: Sequence[Path], where: str, notes: list[str]
) -> dict[str, Signal]:
    """The programme in force of every signal.

    Parameters
    ----------
    net
        A network of `sumolib`.
    held
        Numbers of the connections for cars, by signal.
    additional
        Files that may hold programmes, which come after those of the network.
    where
        Opens every message.
    notes
        What was folded and left out is added here.

    Raises
    ------
    ScenarioError
        Where a stage has too few letters.
    """
    found: dict[str, list[tuple[str, float, Stages]]] = {}
    for signal, name, offset_s, stages in (*_of_net(net), *_of_files(additional, where)):
        found.setdefault(signal, []).append((name, offset_s, stages))
    signals = {}
    for signal in (each.getID() for each in net.getTrafficLights() if each.getID() in held):
        numbers = held[signal]
        name, offset_s, stages = found.get(signal, [("", 0.0, [])])[-1]
        for _, state in stages:
            if len(state) <= max(numbers):
                what = f'a stage of the signal "{signal}" has {len(state)} letters for {max(numbers) + 1} connections'
                raise ScenarioError(f"{where}: {what}; open the network with netedit, mend the signal, and save it")
        phases, before_s = _phases([(s, {k: state[k] for k in sorted(numbers)}) for s, state in stages if s > 0])
        if len(found.get(signal, [])) > 1:
            notes.append(f"Signal {signal}: programme {name} read, {len(found[signal]) - 1} others left out.")
        if not phases:
            notes.append(
                f"Signal {signal}: left out, for no programme of it shows green; its junctions go by priority."
            )
            continue
        between = len(stages) - len(phases)
        notes.append(f"Signal {signal}: {len(stages)} stages read as {len(phases)} phases, {between} folded into them.")
        signals[signal] = Signal(offset_s + before_s, phases)
    return signals


def _of_net(net: Any) -> Iterator[tuple[str, str, float, Stages]]:
    for signal in net.getTrafficLights():
        for name, programme in signal.getPrograms().items():
            stages = [(float(stage.duration), stage.state) for stage in programme.getPhases()]
            yield signal.getID(), name, float(programme.getOffset()), stages


def _of_files(paths: Sequence[Path], where: str) -> Iterator[tuple[str, str, float, Stages]]:
    for path in paths:
        for element in sumo_elements.elements(path, where):
            if element.tag == "tlLogic":
                stages = [
                    (sumo_elements.number(stage.get("duration"), path, "duration"), stage.get("state", ""))
                    for stage in element.iter("phase")
                ]
                offset_s = sumo_elements.seconds(element.get("offset", "0"), f"{path}: offset")
                yield element.get("id", ""), element.get("programID", ""), offset_s, stages


def _phases(stages: list[tuple[float, dict[int, str]]]) -> tuple[list[Phase], float]:
    """Phases in order, and seconds from the start of the programme to the first."""
    seen = [(sum(s for s, _ in same), state) for state, same in _same(stages)]
    before_s = 0.0
    if len(seen) > 1 and seen[0][1] == seen[-1][1]:  # the programme begins within a stage
        before_s = seen.pop(0)[0]
        seen[-1] = (seen[-1][0] + before_s, seen[-1][1])
    first = next((n for n, (_, state) in enumerate(seen) if _is_green(state)), None)
    if first is None:
        return [], 0.0
    turned = seen[first:] + seen[:first]
    phases: list[Phase] = []
    for n, (lasts_s, state) in enumerate(turned):
        changed = n > 0 and not _is_green(turned[n - 1][1])
        after = next((other for _, other in turned[n + 1 :] if _is_green(other)), turned[0][1])
        if _changes(state):
            phases[-1].yellow_s += lasts_s
        elif not _is_green(state) or (
            changed and lasts_s <= CLEARED_S and _green(state) == _green(phases[-1].state) & _green(after)
        ):
            phases[-1].all_red_s += lasts_s
        else:
            phases.append(Phase(state, lasts_s))
    return phases, before_s + sum(s for s, _ in seen[:first])


def _same(stages: list[tuple[float, dict[int, str]]]) -> Iterator[tuple[dict[int, str], list[tuple[float, Any]]]]:
    for state, group in groupby(stages, key=lambda stage: stage[1]):
        yield state, list(group)


def _changes(state: dict[int, str]) -> bool:
    return bool(set(state.values()) & set(CHANGE))


def _green(state: dict[int, str]) -> set[int]:
    return {number for number, letter in state.items() if letter in GREEN + PERMITTED}


def _is_green(state: dict[int, str]) -> bool:
    return not _changes(state) and bool(_green(state))


def letters(way: list[Any], signal: Signal) -> tuple[str, bool]:
    """Green of a turn in each phase, the best that one of its lanes has, and whether its lanes differ.

    A lane that the signal does not hold may always go, and gives way where it must.
    """
    seen = [[_letter(phase.state.get(c.getTLLinkIndex(), "g")) for c in way] for phase in signal.phases]
    return "".join(min(each) for each in seen), any(len(set(each)) > 1 for each in seen)  # G before g before r


def _letter(letter: str) -> str:
    return "G" if letter in GREEN else "g" if letter in PERMITTED else "r"
