"""Detects a file's language from its name, or from the first line of a script without an extension."""

import re

_EXTENSIONS = {
    **dict.fromkeys(("ts", "tsx", "mts", "cts"), "typescript"),
    **dict.fromkeys(("js", "jsx", "mjs", "cjs"), "javascript"),
    "py": "python",
    "go": "go",
    "rs": "rust",
    "java": "java",
    **dict.fromkeys(("c", "h"), "c"),
    **dict.fromkeys(("cc", "cpp", "cxx", "hpp", "hh", "hxx"), "cpp"),
    "cs": "csharp",
    "php": "php",
    **dict.fromkeys(("rb", "rake", "gemspec"), "ruby"),
    **dict.fromkeys(("sh", "bash", "zsh"), "shell"),
    **dict.fromkeys(("css", "scss", "less"), "css"),
    **dict.fromkeys(("html", "htm"), "html"),
    "json": "json",
    **dict.fromkeys(("yml", "yaml"), "yaml"),
    "sql": "sql",
    "vue": "vue",
    "svelte": "svelte",
}
LANGUAGES = tuple(dict.fromkeys(_EXTENSIONS.values()))
_SHELL = re.compile(rb"#!\s*/(usr/)?bin/(env\s+)?(ba|da|k|z)?sh\b")
# JSON written by programs: lock files, source maps and build information.
_WRITTEN_BY_PROGRAMS = re.compile(r"(^|/)(package-lock|composer\.lock|npm-shrinkwrap|.*\.tsbuildinfo|.*\.map)(\.json)?$")


def may_have_language(path: str) -> bool:
    """True if a file's name allows one of the languages, so that its content must be read."""
    name = path.rsplit("/", 1)[-1]
    return "." not in name or (extension(path) in _EXTENSIONS and not _WRITTEN_BY_PROGRAMS.search(path))


def language_of(path: str, data: bytes) -> str | None:
    if "." in path.rsplit("/", 1)[-1]:
        return _EXTENSIONS.get(extension(path))
    return "shell" if _SHELL.match(data) else None


def headers_are_cpp(paths: list[str]) -> bool:
    """Whether the .h files of a package count as C++. They do if it has more C++ files than C files."""
    kinds = [extension(path) for path in paths]
    return sum(_EXTENSIONS.get(kind) == "cpp" for kind in kinds) > kinds.count("c")


def extension(path: str) -> str:
    return path.rsplit(".", 1)[-1].lower()
