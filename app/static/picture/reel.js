// The last frames of a world, and the moment between them that is drawn.
//
// Frames arrive unevenly; the reel runs on a clock of its own in ticks, a little behind the newest frame, so that
// vehicles move evenly.

/**
 * @typedef {{ tick: number, at: number } & Record<string, any>} Frame a frame with its tick, and when it arrived, ms
 */

const KEPT = 4; // frames

export function reel() {
  let frames = /** @type {Frame[]} */ ([]),
    clock = 0, // tick that is drawn
    rate = 0, // ticks a ms
    before = 0; // ms

  /** @param {Frame} newest @param {number} now @param {number} passed */
  function advance(newest, now, passed) {
    const gap = newest.tick - frames[frames.length - 2].tick;
    const aim = newest.tick - gap + Math.min(gap, rate * (now - newest.at));
    clock += rate * passed;
    clock = Math.abs(aim - clock) > 3 * gap ? aim : clock + (aim - clock) * 0.12;
    clock = Math.min(clock, newest.tick);
  }

  return {
    /** Forget all frames, so that nothing moves from one moment to a distant one. */
    clear() {
      frames = [];
    },
    /** @param {Frame} frame */
    add(frame) {
      const last = frames.at(-1);
      if (last && frame.tick < last.tick) frames = [];
      if (last && frame.tick > last.tick) {
        const now = (frame.tick - last.tick) / Math.max(frame.at - last.at, 1);
        rate = Math.abs(now - rate) > rate ? now : rate + 0.15 * (now - rate); // a new speed at once, jitter slowly
      }
      if (last && frame.tick === last.tick) frames.pop();
      frames.push(frame);
      if (frames.length > KEPT) frames.shift();
    },
    newest: () => frames.at(-1),
    /**
     * Let time pass until `now`, ms; `stills`: nothing moves between frames.
     *
     * @param {number} now
     * @param {boolean} stills
     */
    pass(now, stills) {
      const passed = Math.min(now - before, 100),
        newest = frames.at(-1);
      before = now;
      if (!newest) return;
      if (frames.length > 1 && !stills) advance(newest, now, passed);
      else clock = newest.tick;
    },
    /** Whether the newest frame is what is drawn. */
    hasCome: () => clock === frames.at(-1)?.tick,
    /** The frames before and after the moment, and how far it is between them. */
    between() {
      let i = frames.length - 1;
      while (i > 0 && frames[i - 1].tick >= clock) i--;
      const from = frames[Math.max(0, i - 1)],
        to = frames[i];
      const part = to.tick > from.tick ? Math.max(0, Math.min(1, (clock - from.tick) / (to.tick - from.tick))) : 1;
      return { from, to, part };
    },
  };
}
