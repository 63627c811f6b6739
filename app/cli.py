"""The command line: `everlearn page`, `run`, `import`, `sumo`, `list`, `study` and `papers`."""

import io
import sys
import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

import models
from engine import files
from engine.files import NotWritten
from engine.snapshot import NotASnapshot
from scenarios import ScenarioError
from scenarios.schema import LARGEST

cli = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
out = Console()

Set = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a world parameter.")]
INSTEAD = {  # what `models.make` takes beside parameters, and how it is said here
    "scenario": "give the scenario as the first word",
    "learner": "use --learner NAME",
    "seed": "use --seed NUMBER",
    "rng": "use --seed NUMBER",
    "minds": "load minds in Python, with models.make(..., minds=FILE)",
}
Seed = Annotated[int, typer.Option(min=0, help="Seed of all randomness.")]


@cli.callback(
    help="A laboratory for lifelong-learning agents that share a world.\n\n"
    "Traffic signals, drivers, power companies and traders learn for as long as their world runs, and the world "
    "changes under them. Watch worlds in the browser with `everlearn page`, or run worlds and studies here."
)
def everlearn() -> None:
    """What `everlearn --help` says of the whole."""


@cli.command()
def page(
    own: Annotated[
        list[str] | None,
        typer.Argument(metavar="SCENARIO", help="Scenarios of your own to show: .toml files, or imported folders."),
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8765,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 lets other computers join.")] = "127.0.0.1",
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    root_path: Annotated[
        str,
        typer.Option(
            metavar="PATH", help="Path under which a proxy shows the page, such as /lab; the proxy removes it."
        ),
    ] = "",
    allow_host: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Host name under which a proxy shows the page; repeat it for more."),
    ] = None,
    most_worlds: Annotated[int, typer.Option(min=1, help="How many worlds may be alive at a time, of all tabs.")] = 16,
) -> None:
    """Open the page: watch worlds, change them, and see agents learn."""
    from app import serve  # Solara takes seconds to import

    serve.main(host, port, browser, root_path, allow_host or [], most_worlds=most_worlds, own=own or [])


@cli.command()
def run(
    scenario: Annotated[str, typer.Argument(help="A name from `everlearn list`, or the path of a .toml file.")] = "",
    learner: Annotated[
        str | None, typer.Option(help="A learner for all agents, with settings that suit the scenario.")
    ] = None,
    ticks: Annotated[
        int | None, typer.Option(min=1, max=LARGEST, help="Length of the run; by default what the scenario suggests.")
    ] = None,
    seed: Seed = 0,
    changes: Set = None,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Folder for the record, the figure and the scenario.")
    ] = None,
    resume: Annotated[Path | None, typer.Option(help="Folder of an interrupted run, to continue it.")] = None,
    l2: Annotated[
        Path | None, typer.Option(help="Folder for logs in the format of l2metrics, with tests of what was learned.")
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="Prices of the past, a .csv of time and price, to set a power market beside.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON and nothing else.")] = False,
) -> None:
    """Run a scenario and compare what was learned with hand-made rules."""
    from app.commands.run import every_hour, reopen, run_world, set_beside, write_life
    from studies.references import bare

    if bool(scenario) == bool(resume):
        raise ScenarioError("run: give a scenario, or --resume with the folder of an interrupted run")
    if resume:
        folder, world = resume, reopen(resume)
    else:
        world = models.make(scenario, learner=learner, seed=seed, **every_hour(against), **parse_changes(changes or []))
        if learner in bare.worse_than_random(world.scenario.name) and not as_json:
            out.print(bare.warning(learner, world.scenario.name), highlight=False, soft_wrap=True)
    run_world(world, ticks, folder, out, as_json)
    if against is not None:
        set_beside(world, against, folder, out, as_json)
    if l2 is not None:
        write_life(world, l2, out, as_json)


@cli.command("import")
def bring(
    files_: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="A SUMO network or configuration, a map of OpenStreetMap, OSMnx's GraphML, or *_net.tntp.",
        ),
    ],
    folder: Annotated[Path, typer.Option("--out", help="Folder for the case and its scenario.")],
    demand: Annotated[
        list[Path] | None,
        typer.Option(help="SUMO file of routes, trips or flows (repeat it), counts in a .csv, or *_trips.tntp."),
    ] = None,
    begin_s: Annotated[float | None, typer.Option(help="Clock time at which the period begins, in s.")] = None,
    end_s: Annotated[float | None, typer.Option(help="Clock time at which it ends, in s.")] = None,
) -> None:
    """Import a road network as a case in which signals can learn, or drivers which way to take."""
    from app.commands.bring import bring

    bring(files_, demand or [], folder, begin_s, end_s, out)


@cli.command()
def sumo(
    folder: Annotated[Path, typer.Argument(help="A folder that `everlearn import` wrote from SUMO files.")],
    minds: Annotated[
        Path | None, typer.Option(help="Minds to use, as learners.save_minds writes them; else they learn first.")
    ] = None,
    ticks: Annotated[
        int | None, typer.Option(min=1, max=LARGEST, help="How long they learn; by default what the scenario says.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, max=100, help="How many seeds of SUMO.")] = 5,
) -> None:
    """Let signals that learned here drive SUMO, beside the programme of the file and hand-made rules."""
    from app.commands.sumo import drive

    drive(folder, minds, ticks, seeds, out)


@cli.command("list")
def show(
    name: Annotated[str, typer.Argument(help="The scenario, world or learner to describe.")] = "",
) -> None:
    """List scenarios and learners, or describe one with all its parameters."""
    from app.commands import describe

    describe.show(name, out)


@cli.command()
def study(
    file: Annotated[str, typer.Argument(help="A study: the path of a .toml file, or the name of an example.")],
    folder: Annotated[
        Path | None, typer.Option("--out", help="Folder for cases, tables, figures and the report.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="How many threads or processes; by default one per core.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler (tcp://HOST:PORT) that runs the cases.")
    ] = None,
) -> None:
    """Answer a what-if question with paired runs; run it again to continue an interrupted study."""
    from app.commands.study import run_study

    run_study(file, folder, workers, cluster, out)


@cli.command()
def papers(
    name: Annotated[str, typer.Argument(help="Name of one published result; by default all of them.")] = "",
    folder: Annotated[Path | None, typer.Option("--out", help="Folder for one figure per result.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON and nothing else.")] = False,
) -> None:
    """Reproduce published results and compare them, with standard errors."""
    from studies.papers import figures, reproduce
    from studies.results.folder import make_folder, write_figure

    if folder:
        make_folder(folder)
    rows = reproduce(name)
    if as_json:
        print(files.json_text(rows))
    else:
        _print_rows(rows)
    if folder:
        with files.remedy("free some space, or choose another folder, and give the command again"):
            for result, figure in figures(name).items():
                write_figure(figure, folder / f"{result}.png")


def _print_rows(rows: list[Any]) -> None:
    """A table of what was measured; below it, in whole lines, what was not and why."""
    table = Table(Column("result", no_wrap=True), "measured", "trials", "published", "source", "pass")
    for row in rows:
        if row["measured"] is not None:
            error = f" ± {row['standard_error']:.2g}" if row["trials"] > 1 else ""
            measured, passed = f"{row['measured']:.4g}{error}", "yes" if row["passed"] else "no"
            table.add_row(row["result"], measured, str(row["trials"]), row["published"], row["source"], passed)
    if table.row_count:
        out.print(table)
    for row in rows:
        if row["measured"] is None:
            out.print(row["result"], highlight=False, markup=False, soft_wrap=True)


def parse_changes(changes: list[str]) -> dict[str, Any]:
    """Parameters from `key=value` texts; values as in TOML, a bare word is a text."""
    parsed: dict[str, Any] = {}
    for change in changes:
        key, sign, value = change.partition("=")
        if not sign or not key.strip():
            what = 'write it as key=value, for example "demand_veh_per_s=0.15"'
            raise ScenarioError(f"--set {change}: {what}")
        if (name := key.strip()) in INSTEAD:
            raise ScenarioError(f"--set {change}: {name} is not a parameter of a world; {INSTEAD[name]}")
        try:
            parsed[name] = tomllib.loads(f"value = {value}")["value"]
        except (ValueError, RecursionError):
            parsed[name] = value
    return parsed


def main() -> None:
    """Entry point: an error that the user can fix is one sentence and exit code 2, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a pipe or an old console may have no arrows
    try:
        cli()
    except (ScenarioError, NotASnapshot, NotWritten) as error:
        Console(stderr=True, soft_wrap=True, highlight=False).print(f"everlearn: {error}", markup=False)
        sys.exit(2)
    except MemoryError:
        told = "this needs more memory than there is; make the world smaller, or record_every_ticks larger"
        Console(stderr=True, soft_wrap=True, highlight=False).print(f"everlearn: {told}", markup=False)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
