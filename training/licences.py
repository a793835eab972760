"""Licences of packages, and licence notices in their files."""

import collections
import re

# Licences that allow training. Packages under other licences are left out.
PERMISSIVE = re.compile(
    r"MIT|Apache|BSD|ISC|PSF|Python|Unlicense|CC0|0BSD|Zlib|BlueOak|Artistic-2|Expat|HPND|PostgreSQL|Boost|BSL-1|"
    r"Redistribution and use|Permission is hereby granted|Permission to use, copy, modify|Permission is granted to anyone|"
    r"Public[ -]domain",
    re.I,
)
_COPYLEFT = re.compile(r"\b(A|L)?GPL|\bMPL|\bEPL|CDDL|SSPL|CC-BY-(NC|SA)|non-?commercial", re.I)
_GRANT = re.compile(
    r"Redistribution and use|Permission is hereby granted|Permission to use, copy, modify|"
    r"Permission is granted to anyone to use this software",
    re.I,
)
_COPYLEFT_NAMES = "General Public|Mozilla Public|Eclipse Public"
# Number of files in which a notice is kept. A model would memorize a notice that occurs in more files.
MAX_COPIES = 4
_NOTICE = re.compile(r"licen[sc]|copyright|all rights reserved|permission is hereby|redistribution and use", re.I)
_HOLDER = re.compile(r"copyright|\(c\)|©|all rights reserved|@?author", re.I)
_COMMENTS = re.compile(
    r"/\*.*?\*/[ \t]*\n?|<!--.*?-->[ \t]*\n?|^(?P<quotes>\"\"\"|''').*?(?P=quotes)[ \t]*\n?|"
    r"(?:^[ \t]*(?://|#(?=[ \t\n#])|--|;;)[^\n]*\n)+",
    re.S | re.M,
)
_HEAD = 8000  # characters at the start of a file that are searched for notices


def is_permissive(licence: str) -> bool:
    if _COPYLEFT.search(licence) and not re.search(r"\bor\b", licence, re.I):
        return False
    return PERMISSIVE.search(licence) is not None


def licence_in(text: str) -> str:
    """The first known licence that a copyright or licence file names; empty if there is none."""
    named = re.findall(r"^License:[ \t]*(\S[^\n]*)", text, re.M)
    if named and PERMISSIVE.search(named[0]):
        return named[0]
    if named:  # the packager made this name up, so the licence's text must be read
        stanza = re.search(rf"^License:[ \t]*{re.escape(named[0])}[ \t]*\n((?:[ \t].*\n)+)", text, re.M)
        grant = _GRANT.search(" ".join(stanza[1].split())) if stanza else None
        return f"{named[0]} ({grant[0]})" if grant else named[0]
    # In prose, the first licence or grant is the package's.
    found = re.search(rf"\b(MIT|Apache|BSD|ISC|PSF|PostgreSQL)\b|(?i:public domain|{_GRANT.pattern}|{_COPYLEFT_NAMES})", text)
    return "" if found is None or re.search(_COPYLEFT_NAMES, found[0], re.I) else found[0]


class Notices:
    """Leaves each licence notice in the first files that have it, and removes it from later ones."""

    def __init__(self) -> None:
        self.copies: collections.Counter[str] = collections.Counter()

    def thinned(self, text: str) -> str:
        """From the start of a text, removes the notices that have already occurred in MAX_COPIES files."""
        return _COMMENTS.sub(lambda found: self._kept(found[0]), text[:_HEAD]) + text[_HEAD:]

    def _kept(self, comment: str) -> str:
        if not _NOTICE.search(comment):
            return comment
        paragraphs = [p for p in map(_letters, re.split(r"\n[^\w\n]*\n", comment)) if p]
        often = sum(len(p) for p in paragraphs if self.copies[p] >= MAX_COPIES)
        if 2 * often > sum(map(len, paragraphs)):
            return ""
        self.copies.update(paragraphs)
        return comment


def _letters(paragraph: str) -> str:
    """A key that equal notices share: the letters of the lines without a holder, or of all lines if each has one."""
    lines = paragraph.split("\n")
    text = [line for line in lines if not _HOLDER.search(line)] or lines
    return re.sub(r"[\W\d_]+", "", "".join(text)).lower()
