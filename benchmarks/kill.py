"""Kill the main job at random moments, fifty times, and see that nothing is lost or torn.

Usage: python benchmarks/kill.py [--times 50] [--seed 0]

Each time a dataset of a part of the samples is extended by the rest and the run is killed (SIGKILL)
somewhere on its way. The dataset must then be the one before or the one after, and the run that
follows must leave the same content as a run that was never killed.
"""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import commsense as cs
from commsense import store

SAMPLES = Path(__file__).parent.parent / "data" / "samples" / "exports"
US = "northlight.example"


def content(folder: Path) -> list[str]:
    """Return every table's rows, in a fixed order, as text."""
    dataset = store.load(folder)
    tables = [dataset.frame(name).astype(str) for name in store.TABLES]
    return [table.sort_values(list(table.columns), ignore_index=True).to_csv() for table in tables]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)  # noqa: S311 - moments, no secrets
    part = min(SAMPLES.iterdir())
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        before, after, folder = (Path(scratch) / name for name in ("before", "after", "d"))
        cs.analyze(part, us=[US], out=before)
        shutil.copytree(before, after)
        command = [sys.executable, "-m", "commsense", "analyze", part, SAMPLES, "--us", US, "--out"]
        started = time.perf_counter()
        subprocess.run([*command, after], check=True, stderr=subprocess.DEVNULL)
        length = time.perf_counter() - started
        expected = content(after)
        for _ in range(arguments.times):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(before, folder)
            process = subprocess.Popen([*command, folder], stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0, 1.05 * length))
            process.send_signal(signal.SIGKILL)
            ended = process.wait() == 0
            found = content(folder)
            state = {str(content(before)): "before", str(expected): "after"}.get(str(found), "TORN")
            outcomes["ended before the kill" if ended else f"dataset as {state}"] += 1
            subprocess.run([*command, folder], check=True, stderr=subprocess.DEVNULL)
            outcomes["resumed to the same" if content(folder) == expected else "RESUMED WRONG"] += 1
    for outcome, count in sorted(outcomes.items()):
        print(f"{count:>4} {outcome}")


if __name__ == "__main__":
    main()
