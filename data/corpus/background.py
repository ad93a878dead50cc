"""Choose anew the texts that stand for any message where a label is taught without others.

Usage: python data/corpus/background.py
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from commsense import training
from commsense.training import read_corpora
from commsense.training.teach import BACKGROUND_FILE

CORPUS = Path(__file__).parent
SIZES = {"en": 400, "ar": 250, "fr": 250, "ko": 250, "th": 250}  # a wheel stays small
OTHERWISE = 120
SEED = 1  # any; fixed, so that the same corpus gives the same file


def main() -> None:
    corpus = read_corpora(sorted(CORPUS.glob("*.jsonl")))
    lines = [
        json.dumps({"text": text, "lang": lang}, ensure_ascii=False)
        for lang, texts in corpus.groupby("lang")["text"]
        for text in texts.sample(SIZES.get(lang, OTHERWISE), random_state=SEED)
    ]
    packed = gzip.compress("\n".join([*lines, ""]).encode(), mtime=0)
    file = Path(training.__file__).parent / BACKGROUND_FILE
    file.write_bytes(packed)
    print(f"{len(lines)} texts, {len(packed)} bytes in {file}")


if __name__ == "__main__":
    main()
