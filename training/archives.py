"""Reads archives of npm and Debian: name, version, licence and the files that may be worth learning from."""

import json
import re
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from filters import FILE_BYTES
from languages import headers_are_cpp, language_of, may_have_language
from licences import licence_in

SUFFIXES = (".tgz", ".deb", ".dsc")


@dataclass
class Package:
    name: str
    version: str
    licence: str
    members: list[tuple[str, bytes]]  # path and content

    def files(self) -> list[tuple[str, str, bytes]]:
        """(path, language, content) of the files in one of the corpus's languages."""
        in_cpp = headers_are_cpp([path for path, _ in self.members])
        found = []
        for path, data in self.members:
            language = language_of(path, data)
            if language is not None:
                found.append((path, "cpp" if in_cpp and path.endswith(".h") else language, data))
        return found


def read_package(archive: Path) -> Package:
    return {".deb": read_debian, ".dsc": read_source, ".tgz": read_npm}[archive.suffix](archive)


def read_npm(archive: Path) -> Package:
    """Reads an npm package. If it has much TypeScript, its JavaScript and declarations are ignored as build output."""
    with tarfile.open(archive) as tar:
        found = contents(tar)
        manifests = (m for m in tar.getmembers() if m.name.count("/") == 1 and m.name.endswith("/package.json"))
        manifest = next((json.load(tar.extractfile(m)) for m in manifests), {})
    typescript = [data for path, data in found if is_typescript(path)]
    if sum(map(len, typescript)) > 20_000:
        found = [(path, data) for path, data in found if not re.search(r"\.[mc]?jsx?$|\.d\.[mc]?ts$", path)]
    licence = manifest.get("license", "")
    if isinstance(licence, dict):
        licence = licence.get("type", "")
    members = [(path.partition("/")[2], data) for path, data in found]
    return Package(manifest.get("name", archive.stem), manifest.get("version", ""), str(licence), members)


def is_typescript(path: str) -> bool:
    return re.search(r"\.[mc]?tsx?$", path) is not None and not re.search(r"\.d\.[mc]?ts$", path)


def read_debian(archive: Path) -> Package:
    name, version = (dpkg_field(archive, field) for field in ("Package", "Version"))
    stream = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", archive], stdout=subprocess.PIPE)
    members, licence = [], ""
    with tarfile.open(fileobj=stream.stdout, mode="r|") as tar:
        for m in tar:
            if m.isreg() and m.name.endswith(f"/doc/{name}/copyright"):
                # The first licence is the package's own. Licences of single files are checked by filters.COPYLEFT.
                licence = licence_in(text_of(tar.extractfile(m)))
            elif is_candidate(m):
                path = re.sub(r"^\./usr/(lib/python3[^/]*/(dist-packages/)?|share/)", "", m.name).removeprefix("./usr/")
                members.append((path, tar.extractfile(m).read()))
    stream.wait()
    return Package(name, version, licence, members)


def dpkg_field(archive: Path, field: str) -> str:
    return subprocess.run(["dpkg-deb", "-f", archive, field], capture_output=True, text=True, check=True).stdout.strip()


def read_source(description: Path) -> Package:
    """Reads a Debian source: upstream's files, and the licence from debian/copyright or else from upstream's file."""
    text = description.read_text(encoding="utf-8", errors="replace")
    name, version = (re.search(rf"^{field}: (\S+)", text, re.M)[1] for field in ("Source", "Version"))
    parts = re.findall(r"^ [0-9a-f]{64} \d+ (\S+\.tar\.\w+)$", text, re.M)
    members, licences = [], {}
    for part in sorted(description.parent / part for part in parts):
        if part.exists():
            with tarfile.open(part) as tar:
                for m in tar:
                    path = m.name.removeprefix("./")
                    if m.isreg() and re.fullmatch(r"([^/]+/)?debian/copyright", path):
                        licences["debian"] = licence_in(text_of(tar.extractfile(m)))
                    elif m.isreg() and re.fullmatch(r"[^/]+/(licen[sc]e|copying|copyright)[\w.-]*", path, re.I):
                        licences.setdefault("upstream", licence_in(text_of(tar.extractfile(m))))
                    elif ".debian.tar" not in part.name and is_candidate(m):
                        members.append((path.partition("/")[2], tar.extractfile(m).read()))
    return Package(name, version, licences.get("debian", licences.get("upstream", "")), members)


def text_of(file: IO[bytes]) -> str:
    return file.read().decode("utf-8", "replace")


def contents(tar: tarfile.TarFile) -> list[tuple[str, bytes]]:
    return [(m.name, tar.extractfile(m).read()) for m in tar if is_candidate(m)]


def is_candidate(member: tarfile.TarInfo) -> bool:
    return member.isreg() and member.size in FILE_BYTES and may_have_language(member.name)
