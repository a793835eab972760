"""Extracts from the downloaded archives the text that is worth learning from: one JSON object per line.

    python3 corpus.py WORK

Reads WORK/archives/{test,calibration,train}; writes WORK/{test,calibration,train}.jsonl, objects with language, package,
path and text, and corpus/packages.tsv: version, licence, part, language and bytes kept per package. Held-out packages are
read first, so that copies of their files in other packages are dropped from training.
"""

import collections
import hashlib
import json
import re
import sys
import zlib
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path

from archives import SUFFIXES, Package, read_package
from download import wanted
from filters import TEST_PATH, examine
from languages import LANGUAGES
from licences import Notices, is_permissive

PARTS = ("test", "calibration", "train")
# Maximum bytes per package and language, because a given amount of text teaches more if it comes from many packages.
MAX_BYTES = {
    **dict.fromkeys(LANGUAGES, 1_000_000),
    **dict.fromkeys(("typescript", "javascript", "python", "csharp"), 6_000_000),
    **dict.fromkeys(("go", "rust", "java", "cpp", "php", "ruby", "sql"), 2_500_000),
    "c": 2_000_000,
    "yaml": 400_000,
    "json": 150_000,
}
HEAD = ("package", "version", "licence", "part", "language", "bytes")
File = tuple[str, str, str]  # path, language, text


def main(work: Path) -> None:
    dedupe, notices, rows = Dedupe(), Notices(), []
    with Pool(2) as pool:
        for part in PARTS:
            kept, dropped = collections.Counter(), collections.Counter()
            archives = sorted(a for a in (work / "archives" / part).iterdir() if a.suffix in SUFFIXES)
            with open(work / f"{part}.jsonl", "w", encoding="utf-8") as out:
                for package, files, reasons in pool.imap(Reader(part), archives):
                    if not is_permissive(package.licence):
                        print(f"left out: {package.name}, licence {package.licence!r}", file=sys.stderr)
                        continue
                    dropped.update(reasons)
                    sizes = collections.Counter()
                    for path, language, text in of_use(files, dedupe, dropped):
                        text = notices.thinned(text) if part == "train" else text
                        sizes[language] += len(text)
                        record = {"language": language, "package": package.name, "path": path, "text": text}
                        out.write(json.dumps(record, ensure_ascii=False) + "\n")
                    kept.update(sizes)
                    about = (package.name, package.version, package.licence, part)
                    rows += [(*about, language, str(size)) for language, size in sizes.items()]
            for verb, counted in (("kept", kept), ("dropped", dropped)):
                print(part, verb, "MB", {k: round(v / 1e6, 1) for k, v in counted.most_common()}, flush=True)
    table = Path(__file__).parent / "corpus" / "packages.tsv"
    table.write_text("".join("\t".join(row) + "\n" for row in [HEAD, *sorted(rows)]), encoding="utf-8")


class Reader:
    """Reads the archives of a part of the corpus. Instances are sent to worker processes."""

    def __init__(self, part: str) -> None:
        self.part = part
        own = [row for row in wanted() if row["part"] == part]
        self.languages = {archive_name(row): LANGUAGES if row["languages"] == "all" else row["languages"] for row in own}

    def __call__(self, archive: Path) -> tuple[Package, list[File], dict[str, int]]:
        """The package without its bytes, its files worth keeping, and the bytes dropped for each reason."""
        package = read_package(archive)
        found = [file for file in package.files() if file[1] in self.languages.get(name_of(archive), ())]
        package.members = []
        # Training files are sorted by a hash, so that a package's limit does not exclude entire folders.
        found.sort(key=lambda file: digest(file[0]) if self.part == "train" else file[0].encode())
        files, dropped = [], collections.Counter()
        for path, language, data in found:
            reason, text = examine(path, language, data)
            # Tests are repetitive, so about half of them are dropped.
            if reason is None and self.part == "train" and TEST_PATH.search(path) and digest(path)[0] % 2:
                reason = "every second test"
            if reason is None:
                files.append((path, language, text))
            else:
                dropped[reason] += len(data)
        return package, files, dropped


def of_use(files: list[File], dedupe: "Dedupe", dropped: collections.Counter) -> Iterator[File]:
    """Yields the files that are not duplicates, up to the limits of MAX_BYTES. Counts the others in `dropped`."""
    left = dict(MAX_BYTES)
    for path, language, text in files:
        reason = dedupe.reason(text) if left[language] > 0 else "limit of a package"
        if reason is None:
            left[language] -= len(text)
            yield path, language, text
        else:
            dropped[reason] += len(text)


class Dedupe:
    """Detects files that equal an earlier one except for whitespace, and files most of whose longer lines
    (15 characters or more) have occurred in earlier files.
    """

    def __init__(self) -> None:
        self.files: set[bytes] = set()
        self.lines: set[int] = set()

    def reason(self, text: str) -> str | None:
        """The reason to drop the text; None if it is new. A new text is remembered."""
        letters = digest(re.sub(r"\s+", "", text))
        if letters in self.files:
            return "same file"
        lines = [line_hash(line) for line in map(str.strip, text.split("\n")) if len(line) >= 15]
        if len(lines) >= 8 and sum(line in self.lines for line in lines) > 0.7 * len(lines):
            return "lines seen"
        self.files.add(letters)
        self.lines.update(lines)
        return None


def digest(text: str) -> bytes:
    return hashlib.md5(text.encode("utf-8", "surrogateescape"), usedforsecurity=False).digest()


def line_hash(line: str) -> int:
    data = line.encode()
    return zlib.crc32(data) << 32 | zlib.adler32(data)


def archive_name(row: dict[str, str]) -> str:
    """The beginning of the file names of a package's archives."""
    if row["registry"] == "npm":
        name, version = row["package"].rsplit("@", 1)
        return f"{name.removeprefix('@').replace('/', '-')}-{version}"
    return row["package"]


def name_of(archive: Path) -> str:
    return archive.stem if archive.suffix == ".tgz" else archive.name.split("_")[0]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
