"""Make the pictures of the README and the guides anew from the samples. Needs chromium.

Usage: python docs/screenshots.py, after `make demo`
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import commsense as cs

PAGES = Path("out/demo")
IMAGES = Path("docs/images")
SHOTS = {"report": ("harbourline", 1000, 1250), "portfolio": ("portfolio", 1000, 900)}
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def shoot(page: Path, image: Path, width: int, height: int) -> None:
    """Write what a browser window of a size shows of a page."""
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                "chromium",
                *SWITCHES,
                f"--user-data-dir={profile}",
                f"--window-size={width},{height}",
                f"--screenshot={image.resolve()}",
                page.resolve().as_uri(),
            ],
            check=True,
            capture_output=True,
        )


def draw(image: Path) -> None:
    """Write what an analyst gets of the tutorial's client."""
    report = cs.report(cs.open_dataset(PAGES / "dataset"), client="harbourline.example")
    report.plot().savefig(image)
    print(f"wrote {image}")


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    for name, (client, width, height) in SHOTS.items():
        page = PAGES / f"{client}.html"
        if not page.exists():
            sys.exit(f"there is no {page}: run `make demo` first")
        shoot(page, IMAGES / f"{name}.png", width, height)
        print(f"wrote {IMAGES / name}.png")
    draw(IMAGES / "timeline.png")


if __name__ == "__main__":
    main()
