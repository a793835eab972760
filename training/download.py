"""Downloads the packages of corpus/wanted.tsv into WORK/archives/{test,calibration,train}. Existing archives are kept.

    python3 download.py WORK

npm packages come from `npm pack`, Debian packages from `apt-get download` and Debian sources from `apt-get source`. Only the
registries that the machine is configured for are used. Package lists that include sources are kept in WORK/apt, so the
machine's own apt configuration does not change.
"""

import csv
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

WANTED = Path(__file__).parent / "corpus" / "wanted.tsv"
TARGET = "$(REPO_URI) $(RELEASE) $(COMPONENT)"


def main(work: Path) -> int:
    rows = wanted()
    os.environ["APT_CONFIG"] = str(apt_with_sources(work / "apt"))
    with ThreadPoolExecutor(6) as pool:
        failed = [name for name in pool.map(lambda row: fetch(work, row), rows) if name is not None]
    for name in failed:
        print(f"not downloaded, or only in part: {name}", file=sys.stderr)
    print(f"{len(rows) - len(failed)} of {len(rows)} packages are in {work / 'archives'}")
    return 1 if failed else 0


def wanted() -> list[dict[str, str]]:
    """The rows of corpus/wanted.tsv: part, registry, package, languages."""
    with open(WANTED, encoding="utf-8") as table:
        return list(csv.DictReader(table, delimiter="\t"))


def apt_with_sources(folder: Path) -> Path:
    """Writes an apt configuration that adds source packages of the machine's Debian release. Returns its path."""
    targets = subprocess.run(["apt-get", "indextargets", "--format", TARGET], capture_output=True, text=True, check=True)
    # Uses only the release itself: the security suite, for example, drops sources that its lists still name.
    releases = sorted({line for line in targets.stdout.splitlines() if "-" not in line.split(" ")[1]})
    for name in ("lists/partial", "sources"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    lines = [f"{kind} {release}\n" for release in releases for kind in ("deb", "deb-src")]
    (folder / "sources" / "debian.list").write_text("".join(lines), encoding="utf-8")
    file = folder / "apt.conf"
    file.write_text(
        f'Dir::Etc::sourcelist "/dev/null";\nDir::Etc::sourceparts "{folder.resolve()}/sources";\n'
        f'Dir::State::lists "{folder.resolve()}/lists";\nDir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n',
        encoding="utf-8",
    )
    subprocess.run(["apt-get", "update", "-qq"], env={**os.environ, "APT_CONFIG": str(file)}, check=True)
    return file


def fetch(work: Path, row: dict[str, str]) -> str | None:
    """Downloads a package. Returns its name if that failed."""
    package = row["package"]
    folder = work / "archives" / row["part"]
    folder.mkdir(parents=True, exist_ok=True)
    if row["registry"] == "npm":
        name, version = package.rsplit("@", 1)
        archive = folder / f"{name.removeprefix('@').replace('/', '-')}-{version}.tgz"
        command = ["npm", "pack", "--silent", "--ignore-scripts", package]
    elif row["registry"] == "debian":
        archive = next(folder.glob(f"{package}_*.deb"), folder / "none")
        command = ["apt-get", "download", "-qq", package]
    else:
        archive = next(folder.glob(f"{package}_*.dsc"), folder / "none")
        command = ["apt-get", "source", "--download-only", "--only-source", "-qq", package]
    if archive.exists():
        return None
    done = subprocess.run(command, cwd=folder, capture_output=True)
    return None if done.returncode == 0 else package


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
