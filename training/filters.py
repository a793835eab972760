"""Reasons to reject a package's file, for example that it is build output, generated, copied or copyleft."""

import re

FILE_BYTES = range(200, 250_000)
_BUILT = r"dist|build|built|out|bundles?|esm?|es\d+|_?generated|migrations"
_BAD_FOLDERS = (
    r"node_modules|vendor|vendored|_vendor|third_?party|extern|cjs|umd|commonjs|min|testdata|test[-_]data|fixtures?|"
    r"__snapshots__|snapshots?|baselines|locales?|i18n|l10n|translations?|codegen|typings|debian|LICENSES?|man|doc-base|\.pc"
)
BAD_FOLDER = re.compile(rf"(^|/)({_BAD_FOLDERS}|{_BUILT})(/|$)", re.I)
# For components, styles and schemas, _BUILT is not a reason: packages publish their sources in such folders, too.
BAD_FOLDER_OF_ASSETS = re.compile(rf"(^|/)({_BAD_FOLDERS})(/|$)", re.I)
ASSETS = ("vue", "svelte", "css", "html", "sql", "yaml", "json")
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
    r"(^|/)(tests?|__tests__|specs?|testing)(/|$)|\.(test|spec)\.|(^|/)(test_[^/]*|[^/]*_test)\.(py|go|rb)$|_spec\.rb$|"
    r"Tests?\.(java|cs|php)$",
    re.I,
)


def examine(path: str, language: str, data: bytes) -> tuple[str | None, str]:
    """Returns the reason to reject a file, or None if there is none, and the file's text."""
    folder, _, name = path.rpartition("/")
    if (BAD_FOLDER_OF_ASSETS if language in ASSETS else BAD_FOLDER).search(folder):
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
