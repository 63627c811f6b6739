"""`everlearn list`: scenarios, learners, and every parameter with unit, bounds and meaning."""

from rich.console import Console
from rich.table import Table

import models
import scenarios
from models import population
from scenarios import Knob, Scenario, ScenarioError, knobs
from scenarios.schema import suggestion
from studies.references import bare


def show(name: str, out: Console) -> None:
    """Everything, or one scenario, world or learner."""
    if not name:
        _everything(out)
    elif name in scenarios.domains():
        _parameters(name, knobs(scenarios.parameters(name)()), out)
    elif name in scenarios.names() or name.lower().endswith(".toml"):
        _scenario(scenarios.load(name), out)
    else:
        _learner(name, out)


def _everything(out: Console) -> None:
    table = Table(title="Scenarios", show_lines=False)
    table.add_column("name", no_wrap=True)  # to be found by grep, and copied
    for column in ("question", "agents learn by", "ticks"):
        table.add_column(column, justify="right" if column == "ticks" else "left", overflow="fold")
    for name in scenarios.names():
        scenario = scenarios.load(name)
        kinds = ", ".join(dict.fromkeys(group.kind for group in scenario.learner))
        table.add_row(name, scenario.question, kinds, f"{scenario.ticks:,}")
    out.print(table)
    for domain in scenarios.domains():
        out.print(f"Learners in {domain}: {', '.join(models.learners(domain))}", highlight=False, soft_wrap=True)
    out.print("For details: everlearn list NAME (a scenario, a world or a learner)", highlight=False)


def _scenario(scenario: Scenario, out: Console) -> None:
    models.check(scenario)
    out.print(f"[bold]{scenario.title}[/bold], version {scenario.version}\n{scenario.question}\n\n{scenario.summary}")
    out.print(f"Source: {scenario.source}\n", highlight=False)
    for regime in scenario.regime:
        changes = ", ".join(f"{key} = {value}" for key, value in regime.change.items()) or "as in [world]"
        out.print(f"Regime {regime.name}, {regime.ticks:,} ticks: {changes}", highlight=False)
    for group in scenario.learner:
        out.print(f"Learner {group.kind} for {group.agents}: {group.settings or 'default settings'}", highlight=False)
    if worse := bare.worse_than_random(scenario.name):
        told = f"Worse than random play here when named without settings: {', '.join(worse)} (docs/bare-learners.md)"
        out.print(told, highlight=False, soft_wrap=True)
    _parameters(scenario.name, knobs(scenario.world), out)


def _learner(name: str, out: Console) -> None:
    known = {kind: domain for domain in scenarios.domains() for kind in models.learners(domain)}
    if name not in known:
        everything = [*scenarios.names(), *scenarios.domains(), *known]
        raise ScenarioError(
            f'list: there is nothing called "{name}"; see `everlearn list`.{suggestion(name, everything)}'
        )
    learner = population.load(known[name], name, {}, "list")
    out.print((type(learner).__doc__ or name).strip())
    if worse := [scenario for scenario in scenarios.names() if name in bare.worse_than_random(scenario)]:
        told = f"Worse than random play when named without settings in {', '.join(worse)} (docs/bare-learners.md)"
        out.print(told, highlight=False, soft_wrap=True)
    _parameters(name, knobs(learner), out)


def _parameters(title: str, settings: list[Knob], out: Console) -> None:
    table = Table(title=f"Parameters of {title}")
    table.add_column("name", no_wrap=True)
    for column in ("value", "unit", "allowed", "when", "meaning"):
        table.add_column(column, overflow="fold")
    for knob in settings:
        table.add_row(
            knob.name, str(knob.value), knob.unit, _allowed(knob), "live" if knob.live else "at reset", knob.meaning
        )
    out.print(table)


def _allowed(knob: Knob) -> str:
    if knob.choices:
        return " | ".join(knob.choices)
    if knob.low is None and knob.high is None:
        return {"bool": "true | false"}.get(knob.kind, "")
    return f"{'' if knob.low is None else f'{knob.low:g}'} … {'' if knob.high is None else f'{knob.high:g}'}"
