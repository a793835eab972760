"""Fetches the packages of corpus/wanted.tsv into WORK/archives/{test,calibration,train}; what is there stays.

    python3 download.py WORK

npm packages by `npm pack`, Debian's by `apt-get download`; both need only the registries that the machine is set up for.
"""

import csv
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def main(work: Path) -> int:
    with open(Path(__file__).parent / "corpus" / "wanted.tsv", encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    with ThreadPoolExecutor(6) as pool:
        failed = [name for name in pool.map(lambda row: fetch(work, row), rows) if name is not None]
    for name in failed:
        print(f"could not be fetched: {name}", file=sys.stderr)
    print(f"{len(rows) - len(failed)} of {len(rows)} packages are in {work / 'archives'}")
    return 1 if failed else 0


def fetch(work: Path, row: dict[str, str]) -> str | None:
    """The package's name where it could not be had."""
    package = row["package"]
    folder = work / "archives" / row["part"]
    folder.mkdir(parents=True, exist_ok=True)
    if row["registry"] == "npm":
        name, version = package.rsplit("@", 1)
        there = folder / f"{name.removeprefix('@').replace('/', '-')}-{version}.tgz"
        command = ["npm", "pack", "--silent", "--ignore-scripts", package]
    else:
        there = next(folder.glob(f"{package}_*.deb"), folder / "none")
        command = ["apt-get", "download", "-qq", package]
    if there.exists():
        return None
    done = subprocess.run(command, cwd=folder, capture_output=True)
    return None if done.returncode == 0 else package


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
