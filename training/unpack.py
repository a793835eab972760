"""Writes the held-out text as files for bench/quality: WORK/{test,calibration}/package/path.

    python3 unpack.py WORK
"""

import json
import sys
from pathlib import Path


def main(work: Path) -> None:
    for part in ("test", "calibration"):
        with open(work / f"{part}.jsonl", encoding="utf-8") as lines:
            for line in lines:
                file = json.loads(line)
                target = work / part / file["package"].replace("/", "-") / file["path"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(file["text"], encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
