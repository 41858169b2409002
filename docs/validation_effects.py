"""Measures what each instrument does to firms, and writes tables and picture of `validation.md`, "Effects of instruments".

``python docs/validation_effects.py`` takes about a minute on one core; ``--quick`` has a fifth of the replicates.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from PIL import Image

from clustersim.core.code import model_code
from clustersim.core.version import __version__
from clustersim.studies.validation import effects
from clustersim.studies.validation.effects.markdown import effect_tables
from clustersim.views.figures.effects import effects as picture
from clustersim.views.figures.style import settings

HERE = Path(__file__).parent
PAGE, PICTURE = HERE / "validation.md", HERE / "images" / "effects.png"
DPI, COLOURS = 110, 128
BEGIN, END = "<!-- written: effects -->\n", "\n<!-- end -->"


def main() -> None:
    """Measure, and write the marked part of the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{effects.QUICK} instead of {effects.FULL} replicates")
    parser.add_argument("--seed", type=int, default=1, help="seed of all random draws")
    given = parser.parse_args()
    names = [trial.use for trial in effects.TRIALS]

    def tell(use: str) -> None:
        print(f"{use} ({names.index(use) + 1} / {len(names)})", file=sys.stderr)

    found = effects.measure(given.quick, given.seed, tell)
    with settings():
        picture(found, given.seed, "en").savefig(PICTURE, dpi=DPI)
    with Image.open(PICTURE) as image:
        small = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(PICTURE, optimize=True)
    said = f"clustersim {__version__}, model code {model_code()}, seed {given.seed}, {found['replicates']} paired replicates:"
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest[rest.index(END) :]
    PAGE.write_text(f"{before}{BEGIN}{said}\n\n{effect_tables(found)}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
