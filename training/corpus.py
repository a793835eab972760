"""Packages to text: what of the downloaded archives is worth learning from, one JSON object a line.

    python3 corpus.py WORK

Reads WORK/archives/{test,calibration,train}/*.{tgz,deb}; writes WORK/{test,calibration,train}.jsonl, objects with
language, package, path, text, and corpus/packages.tsv: package, version, licence, part, bytes kept for each archive.
The held-out archives come first, so that a copy of their files in another package is dropped from training.
"""

import collections
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import zlib
from pathlib import Path

LANGUAGES = {
    **dict.fromkeys(("ts", "tsx", "mts", "cts"), "typescript"),
    **dict.fromkeys(("js", "jsx", "mjs", "cjs"), "javascript"),
    "py": "python",
}
PARTS = ("test", "calibration", "train")
MOST_BYTES_OF_PACKAGE = 6_000_000
FILE_BYTES = range(200, 250_000)

BAD_FOLDER = re.compile(
    r"(^|/)(node_modules|vendor|vendored|_vendor|third_?party|extern|dist|build|built|out|bundles?|cjs|umd|esm?|es\d+|"
    r"commonjs|min|testdata|test[-_]data|fixtures?|__snapshots__|snapshots?|baselines|locales?|i18n|l10n|"
    r"translations?|migrations|_?generated|codegen|typings)(/|$)",
    re.I,
)
BAD_NAME = re.compile(
    r"(\.min\.|[.-]bundle\.|\.d\.[mc]?ts$|_pb2(_grpc)?\.py$|\.pb\.|\.generated\.|bindata|\.umd\.|\.iife\.|\.global\.|"
    r"\.prod\.|\.production\.|unicode|_tables?\.py$|parsetab|lextab)",
    re.I,
)
GENERATED = re.compile(
    r"(code generated|auto-?generated|automatically generated|do not edit|@generated|generated (by|from)|"
    r"machine generated|this file was generated)",
    re.I,
)
COPYLEFT = re.compile(
    r"(GNU (Lesser |Library |Affero )?General Public|SPDX-License-Identifier:\s*\(?(L|A)?GPL|Mozilla Public License|"
    r"Eclipse Public License|Server Side Public|Business Source License|Attribution-(Non|Share))",
    re.I,
)
TEST_PATH = re.compile(
    r"(^|/)(tests?|__tests__|specs?|testing)(/|$)|\.(test|spec)\.|(^|/)(test_[^/]*|[^/]*_test)\.py$", re.I
)
# Licences that let the text be learnt from and named; a package with another one is left out.
PERMISSIVE = re.compile(
    r"MIT|Apache|BSD|ISC|PSF|Python|Unlicense|CC0|0BSD|Zlib|BlueOak|Artistic-2|Expat|HPND|"
    r"Redistribution and use|Public[ -]domain",
    re.I,
)


def main(work: Path) -> None:
    dedupe = Dedupe()
    rows = []
    for part in PARTS:
        kept = collections.Counter()
        dropped = collections.Counter()
        with open(work / f"{part}.jsonl", "w", encoding="utf-8") as out:
            for archive in sorted((work / "archives" / part).iterdir()):
                package = read_package(archive)
                if not PERMISSIVE.search(package.licence):
                    print(f"left out: {package.name}, licence {package.licence!r}", file=sys.stderr)
                    continue
                size = 0
                for path, language, text in package.files(dropped, dedupe, half_of_tests=part == "train"):
                    if size > MOST_BYTES_OF_PACKAGE:
                        break
                    size += len(text)
                    kept[language] += len(text)
                    record = {"language": language, "package": package.name, "path": path, "text": text}
                    out.write(json.dumps(record, ensure_ascii=False) + "\n")
                rows.append((package.name, package.version, package.licence, part, str(size)))
        print(part, "kept MB", {k: round(v / 1e6, 1) for k, v in kept.items()})
        print(part, "dropped MB", {k: round(v / 1e6, 1) for k, v in dropped.most_common()})
    table = Path(__file__).parent / "corpus" / "packages.tsv"
    lines = ["\t".join(row) for row in [("package", "version", "licence", "part", "bytes"), *sorted(rows)]]
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")


class Dedupe:
    """Knows what was kept: whole files by their letters, and lines of some length."""

    def __init__(self) -> None:
        self.files: set[bytes] = set()
        self.lines: set[int] = set()

    def reason(self, text: str) -> str | None:
        """Why the text is to be dropped; None, and it is remembered, where it is new."""
        digest = hashlib.md5(re.sub(r"\s+", "", text).encode(), usedforsecurity=False).digest()
        if digest in self.files:
            return "same file"
        lines = [line_hash(line) for line in map(str.strip, text.split("\n")) if len(line) >= 15]
        if len(lines) >= 8 and sum(line in self.lines for line in lines) > 0.7 * len(lines):
            return "lines seen"
        self.files.add(digest)
        self.lines.update(lines)
        return None


def line_hash(line: str) -> int:
    data = line.encode()
    return zlib.crc32(data) << 32 | zlib.adler32(data)


class Package:
    def __init__(self, name: str, version: str, licence: str, members: list[tuple[str, bytes]]) -> None:
        self.name, self.version, self.licence, self.members = name, version, licence, members

    def files(self, dropped: collections.Counter, dedupe: Dedupe, half_of_tests: bool):
        """(path, language, text) of what is worth keeping."""
        tests = 0
        for path, data in sorted(self.members):
            language = LANGUAGES[path.rsplit(".", 1)[-1].lower()]
            reason, text = examine(path, data)
            if reason is None and half_of_tests and TEST_PATH.search(path):
                tests += 1
                reason = "every second test" if tests % 2 == 0 else None
            if reason is None:
                reason = dedupe.reason(text)
            if reason is None:
                yield path, language, text
            else:
                dropped[reason] += len(data)


def examine(path: str, data: bytes) -> tuple[str | None, str]:
    """Why a file is no good to learn from, and its text."""
    folder, _, name = path.rpartition("/")
    if BAD_FOLDER.search(folder):
        return "folder", ""
    if BAD_NAME.search(name):
        return "name", ""
    try:
        text = data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return "not UTF-8", ""
    lines = text.split("\n")
    if max(map(len, lines)) > 1000 or len(text) / len(lines) > 90:
        return "long lines", ""
    if GENERATED.search(text[:1500]):
        return "generated", ""
    if COPYLEFT.search(text[:3000]):
        return "copyleft", ""
    sample = text[:20_000]
    if sum(map(str.isalpha, sample)) < 0.3 * len(sample) or sum(map(str.isdigit, sample)) > 0.15 * len(sample):
        return "little text", ""
    if sum(ord(c) > 0x2FFF for c in sample) > 200:
        return "CJK", ""
    return None, text


def read_package(archive: Path) -> Package:
    return read_debian(archive) if archive.suffix == ".deb" else read_npm(archive)


def read_npm(archive: Path) -> Package:
    """Of a package that ships TypeScript only the TypeScript; else its JavaScript as it was written, not as built."""
    with tarfile.open(archive) as tar:
        found = [(m.name, tar.extractfile(m).read()) for m in tar if m.isreg() and wanted(m)]
        manifest = next(
            (
                json.load(tar.extractfile(m))
                for m in tar.getmembers()
                if m.name.count("/") == 1 and m.name.endswith("/package.json")
            ),
            {},
        )
    typescript = [f for f in found if re.search(r"\.[mc]?tsx?$", f[0]) and not re.search(r"\.d\.[mc]?ts$", f[0])]
    if sum(len(data) for _, data in typescript) > 20_000:
        found = typescript
    licence = manifest.get("license", "")
    if isinstance(licence, dict):
        licence = licence.get("type", "")
    name = manifest.get("name", archive.stem)
    members = [(path.partition("/")[2], data) for path, data in found]
    return Package(name, manifest.get("version", ""), str(licence), members)


def read_debian(archive: Path) -> Package:
    name, version = (dpkg_field(archive, field) for field in ("Package", "Version"))
    stream = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", archive], stdout=subprocess.PIPE)
    members, licences = [], []
    with tarfile.open(fileobj=stream.stdout, mode="r|") as tar:
        for m in tar:
            if m.isreg() and m.name.endswith(f"/doc/{name}/copyright"):
                text = tar.extractfile(m).read().decode("utf-8", "replace")
                licences = re.findall(r"^License:[ \t]*(\S[^\n]*)", text, re.M) or re.findall(
                    r"MIT|Apache|BSD|ISC|PSF", text
                )
            elif m.isreg() and wanted(m):
                members.append(
                    (
                        re.sub(r"^\./usr/(lib/python3[^/]*/(dist-packages/)?|share/)", "", m.name),
                        tar.extractfile(m).read(),
                    )
                )
    stream.wait()
    # A package's own licence comes first in a copyright file; others follow for single files, which COPYLEFT looks at.
    return Package(name, version, licences[0] if licences else "", members)


def dpkg_field(archive: Path, field: str) -> str:
    return subprocess.run(["dpkg-deb", "-f", archive, field], capture_output=True, text=True, check=True).stdout.strip()


def wanted(member: tarfile.TarInfo) -> bool:
    return member.size in FILE_BYTES and member.name.rsplit(".", 1)[-1].lower() in LANGUAGES


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
