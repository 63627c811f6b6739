"""Mesa's own clock, kept in step with ours when many ticks run at once.

Steps are ticks. Mesa 3.5 also keeps `time` and a list of events, among them one that takes the next step; a
run moves that one to its own end, and stops on the way for events that the user has scheduled. An event between two
ticks is met at the later one.
"""

import math
from collections.abc import Callable

import mesa


def advance(model: mesa.Model, ticks: int, drive: Callable[[int], None]) -> None:
    """Drive a model `ticks` ticks, and time with it; what happens on the way may stop it (`running`)."""
    if not hasattr(model, "_event_list"):
        drive(ticks)
        return
    model._default_schedule.stop()
    try:
        while ticks > 0 and model.running:
            upcoming = model._event_list.peek_ahead(1) if len(model._event_list) else []
            until = math.ceil(upcoming[0].time - model.time) if upcoming else ticks
            chunk = max(1, min(ticks, until))
            drive(chunk)
            model._advance_time(model.time + chunk)
            ticks -= chunk
    finally:
        _schedule_next_step(model)


def count(model: mesa.Model, steps: int) -> None:
    """Let time pass for steps that were taken elsewhere."""
    if hasattr(model, "_event_list"):
        model._default_schedule.stop()
        if steps:
            model._advance_time(model.time + steps)
        _schedule_next_step(model)


def _schedule_next_step(model: mesa.Model) -> None:
    from mesa.time import EventGenerator, Priority, Schedule  # Mesa 3.5 only

    schedule = Schedule(interval=1.0, start=model.time + 1.0)
    model._default_schedule = EventGenerator(model, model._do_step, schedule, priority=Priority.HIGH).start()
