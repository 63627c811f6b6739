"""Where everything is drawn: the crossing from above in metres, cars as a few bytes each.

The world knows when cars reach places; the picture adds how fast they drive there: freely at 10 m/s, and in a queue one
car length at a time. Cars that have left the box drive away for a few seconds more.
"""

from typing import Any

import numpy as np

from models.crossing.state import IDLE, IN_BOX, ON_LANE, TICK_S, WRECKED

SPEED_M_PER_S = 10.0
SPACE_M = 7.5  # of a car in a queue, its gap included
LANE_M = 3.2  # from the middle of the road to the middle of a lane
LINE_M = 9.0  # from the middle of the crossing to the line
CAR_M = 5.0
WIDTH_M, HEIGHT_M = 180.0, 110.0
LONG_WAIT_S = 30.0
AHEAD = np.array([[0, 1], [-1, 0], [0, -1], [1, 0]])  # headings of cars from the N, E, S, W; y points down
MOVING, WAITING, LONG_WAITING, WRECK = 0, 1, 2, 3
SCALE = 65535


def scene(world: Any) -> dict[str, Any]:
    """Sizes in metres, the number of cars and of fleets."""
    return {
        "kind": "crossing",
        "width": WIDTH_M, "height": HEIGHT_M, "lane": LANE_M, "line": LINE_M, "car": CAR_M,
        "cars": len(world.agent_names), "fleets": world.fleets,
    }  # fmt: skip


def frame(world: Any) -> dict[str, np.ndarray]:
    """Cars in sight with what they do, the cars that wait by side, and the collisions.

    `state` holds the look (2 bits), the side (2 bits), the fleet (3 bits) and whether the car is in the box (1 bit).
    """
    state, now_s = world.state, world.tick * TICK_S
    along = _along_m(world, now_s)
    seen = np.flatnonzero(np.isfinite(along))
    side, where = state.side[seen], state.where[seen]
    ahead = AHEAD[side]
    right = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
    size = np.array([WIDTH_M, HEIGHT_M])
    place = size / 2 + ahead * along[seen, None] + right * LANE_M
    inside = ((place >= 0) & (place <= size)).all(axis=1)
    wait = np.where(where == ON_LANE, now_s - state.free_s[seen], 0.0)
    look = np.select([where == WRECKED, wait > LONG_WAIT_S, wait > 0.0], [WRECK, LONG_WAITING, WAITING], MOVING)
    crossing = (where == IN_BOX).astype(np.int64)
    marks = look + 4 * side + 16 * np.minimum(state.fleets.number[seen], 7) + 128 * crossing
    since_s = now_s - float(state.last_collision[0]) * TICK_S
    return {
        "vehicles": np.ascontiguousarray((place[inside] / size * SCALE).astype(np.uint16)),
        "state": marks[inside].astype(np.uint8),
        "id": (seen[inside] % 65536).astype(np.uint16),
        "queues": np.minimum(state.waiting, 255).astype(np.uint8),
        "collision": np.array([state.collisions[0], min(since_s, 1e6)], np.float32),
        "blocked": np.array([state.blocked_until_s[0] > now_s], np.uint8),
    }


def _along_m(world: Any, now_s: float) -> np.ndarray:
    """Metres (A,) of every car's middle beyond that of the crossing in its own direction; nan for those out of sight.

    At its line the front of a car is on the line; when it has left the box, its rear is.
    """
    state, block = world.state, world.regime
    along = np.full(state.where.size, np.nan)
    cross_s, follow_s = state.derived.cross_s[block], max(state.derived.follow_up_s[block], TICK_S)
    through = 2 * LINE_M + CAR_M
    for side in range(4):
        number = np.arange(state.on_lane[side])
        cars = state.ring[side, (state.head[side] + number) & (state.ring.shape[1] - 1)]
        moved_up = min(1.0, (now_s - state.last_entry_s[side]) / follow_s)
        free_m = (state.free_s[cars] - now_s) * SPEED_M_PER_S
        along[cars] = -LINE_M - np.maximum(free_m, SPACE_M * (number + 1 - moved_up))
    for car in state.box[: state.box_number[0]]:
        part = (now_s - state.enter_s[car]) / cross_s
        along[car] = -LINE_M + through * (0.5 if state.where[car] == WRECKED else min(max(part, 0.0), 1.0))
    gone = np.flatnonzero((state.where == IDLE) & (state.leave_s > 0.0))
    along[gone] = through - LINE_M + (now_s - state.leave_s[gone]) * SPEED_M_PER_S
    return along - CAR_M / 2
