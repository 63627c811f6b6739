"""How smooth the page is: ``python -m benchmarks.page_frames [--seconds 8]``.

A real server and a real Chromium, one viewer. Prints received and drawn frames per second, bytes a frame, ticks per
second and the server's CPU time per second, with at least 500 vehicles, at 60 times real time and at full speed; then
the seconds from the key of a what-if until both worlds are drawn, five times.
What is seen in headless Chromium without a graphics card is a lower bound for drawn frames.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
SEARCH = "?scenario=traffic/rush_hour&rows=6&columns=6&demand_veh_per_s=0.14&seed=1"
VEHICLES = 500


def cpu_s(process: int) -> float:
    """CPU time a process has used, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(page, server: int, seconds: float) -> dict[str, float]:
    """Watch for a while and say what came."""

    def now():
        seen = page.evaluate("() => ({ ...everlearn.view.stats, tick: everlearn.view.state.frame.tick })")
        return time.perf_counter(), cpu_s(server), seen

    start, cpu_before, before = now()
    page.wait_for_timeout(1000 * seconds)
    end, cpu_after, after = now()
    passed, frames = end - start, after["received"] - before["received"]
    return {
        "frames_per_s": round(frames / passed, 1),
        "drawn_per_s": round((after["drawn"] - before["drawn"]) / passed, 1),
        "bytes_per_frame": round((after["bytes"] - before["bytes"]) / max(frames, 1)),
        "vehicles": after["mostVehicles"],
        "ticks_per_s": round((after["tick"] - before["tick"]) / passed),
        "server_cpu_share": round((cpu_after - cpu_before) / passed, 2),
    }


FORK = """() => new Promise((done) => {
  const start = performance.now();
  const view = everlearn.view;
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "f", bubbles: true }));
  const look = () => (view.twinDrawn() ? done((performance.now() - start) / 1000) : requestAnimationFrame(look));
  look();
})"""


def forks(page, times: int = 5) -> list[float]:
    """Seconds from F to the first picture of both worlds."""
    found = []
    for _ in range(times):
        found.append(round(page.evaluate(FORK), 3))
        page.keyboard.press("Escape")
        page.wait_for_function("() => !everlearn.view.state.pair")
    return found


def main() -> None:
    """Measure and print one line of JSON per speed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = f"from app import serve; serve.main('127.0.0.1', {port}, open_browser=False)"
    server = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        with sync_playwright() as play:
            flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
            browser = play.chromium.launch(executable_path=options.chromium, args=flags)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            for _ in range(100):
                try:
                    socket.create_connection(("127.0.0.1", port), 0.2).close()
                    break
                except OSError:
                    time.sleep(0.1)
            page.goto(f"http://127.0.0.1:{port}/{SEARCH}")
            page.locator(".el-speed button").nth(1).click()
            page.wait_for_function(f"() => everlearn.view.stats.mostVehicles >= {VEHICLES}", timeout=60_000)
            page.wait_for_timeout(4000)  # baselines of a new scenario are being measured meanwhile
            print(json.dumps({"speed": "max", **measure(page, server.pid, options.seconds)}), flush=True)
            speed = page.get_by_label("Speed", exact=True)
            speed.evaluate("(range) => { range.value = 6; range.dispatchEvent(new Event('input')); }")
            page.wait_for_timeout(1000)
            print(json.dumps({"speed": "60x", **measure(page, server.pid, options.seconds)}), flush=True)
            print(json.dumps({"fork_s": forks(page)}), flush=True)
            browser.close()
    finally:
        server.terminate()
        server.wait(15)


if __name__ == "__main__":
    main()
