"""Tests how packages become documents: licences, filters, neighbors."""

import random
import unittest

import numpy as np

from documents import MAX_PASSES, Maker, by_folder, chosen, header
from filters import examine
from languages import headers_are_cpp, language_of, may_have_language
from licences import MAX_COPIES, Notices, is_permissive, licence_in
from vocabulary import HEADER, Vocabulary

APACHE = """\
/*
 * {file}
 * Copyright {year} {holder}
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 *
 * Distributed on an "AS IS" BASIS, without warranties of any kind.
 */
"""
GO = """\
// Copyright {year} The {holder}. All rights reserved.
// Use of this source code is governed by a BSD-style
// license that can be found in the LICENSE file.

"""
PYTHON = """\
#!/usr/bin/python3
# Copyright {year} {holder}
#
# Permission is hereby granted, free of charge, to any person obtaining a copy.
"""


class Licences(unittest.TestCase):
    def thinned(self, notice: str, code: str) -> list[str]:
        notices = Notices()
        files = [notice.format(file=f"f{i}.c", year=1990 + i, holder=f"Holder {'abcdefghij'[i]}") + code for i in range(10)]
        return [notices.thinned(file) for file in files]

    def test_a_notice_is_kept_a_few_times_whoever_holds_the_rights(self) -> None:
        for notice, mark in ((APACHE, "Apache"), (GO, "BSD-style"), (PYTHON, "Permission")):
            files = self.thinned(notice, "int main;\n")
            self.assertEqual([mark in file for file in files], [i < MAX_COPIES for i in range(10)], mark)
            self.assertTrue(all(file.endswith("int main;\n") for file in files))
        self.assertTrue(all(file.startswith("#!/usr/bin/python3\n") for file in self.thinned(PYTHON, "a = 1\n")))

    def test_comments_that_grant_nothing_and_code_stay(self) -> None:
        code = "/* Opens the file. */\nchar *licence = \"MIT License\";\n#include <a.h>\n"
        self.assertTrue(all(file.endswith(code) for file in self.thinned(APACHE, code)))

    def test_the_licence_of_a_package_is_the_first_one_named(self) -> None:
        own = "Files: *\nLicense: {0}\n Permission to use, copy, modify it is granted.\n"
        for text, licence in (
            (own.format("Expat"), "Expat"),
            (own.format("custom"), "custom (Permission to use, copy, modify)"),
            (own.format("GPL-2"), "GPL-2 (Permission to use, copy, modify)"),
            ("The MIT License (MIT)\n", "MIT"),
            ("GNU General Public License, and some files under MIT\n", ""),
            ("Redistribution and use are permitted. One file: GNU General Public License\n", "Redistribution and use"),
        ):
            self.assertEqual(licence_in(text), licence)

    def test_copyleft_is_left_out_unless_there_is_a_choice(self) -> None:
        taken = ("MIT", "GPL-2 or BSD-3-clause", "PostgreSQL", "X11 (Permission is hereby granted)")
        left = ("", "GPL-2", "Apache-2.0 and MPL-2.0", "GPL-2 (Permission to use, copy, modify)", "proprietary")
        self.assertEqual([is_permissive(licence) for licence in (*taken, *left)], [True] * 4 + [False] * 5)


class Files(unittest.TestCase):
    def test_languages_are_detected_from_names_and_first_lines(self) -> None:
        expected = {
            ("a/b.TSX", b""): "typescript",
            ("Rakefile.rake", b""): "ruby",
            ("bin/start", b"#!/usr/bin/env bash\n"): "shell",
            ("bin/perl", b"#!/usr/bin/perl\n"): None,
            ("a.scss", b""): "css",
            ("a.md", b""): None,
        }
        self.assertEqual({key: language_of(*key) for key in expected}, expected)
        names = ("package.json", "package-lock.json", "a.js.map", "README", "a.md")
        self.assertEqual([may_have_language(name) for name in names], [True, False, False, True, False])
        self.assertTrue(headers_are_cpp(["a.h", "a.cpp", "b.cc", "c.c"]))
        self.assertFalse(headers_are_cpp(["a.h", "a.c"]))

    def test_built_folders_count_only_for_languages_that_are_built(self) -> None:
        text = b"some words that fill a line\n" * 9
        reasons = [examine(f"dist/a.{e}", language, text)[0] for e, language in (("js", "javascript"), ("vue", "vue"))]
        self.assertEqual(reasons, ["folder", None])


def head(vocabulary: Vocabulary, tokens: np.ndarray) -> str:
    return vocabulary.decode(tokens).split(b"\n")[0].decode()


class Documents(unittest.TestCase):
    def files(self, folders: int, count: int) -> list[dict]:
        return [
            {"language": "go", "package": "p", "path": f"f{folder}/{name}.go", "text": f"package f{folder}\n"}
            for name in reversed(range(count))
            for folder in range(folders)
        ]

    def test_some_documents_begin_with_neighbors_of_the_same_folder(self) -> None:
        chance = random.Random(3)
        passes = chosen(by_folder(iter(self.files(300, 4))), {"go": 1e6}, chance)
        vocabulary = Vocabulary()
        documents = Maker(vocabulary, chance).files(passes[0])
        heads = [[head(vocabulary, part) for part in np.split(d, np.flatnonzero(d == HEADER))[1:]] for d in documents]
        self.assertEqual(sorted(h for own in heads for h in own), sorted(header(f).decode()[:-1] for f in passes[0]))
        for own in heads:
            self.assertEqual(len({h.split("/")[0] for h in own}), 1, "one folder")
            self.assertEqual(own, sorted(own), "in order of names")
        share = sum(len(own) > 1 for own in heads) / len(heads)
        self.assertTrue(0.15 < share < 0.3, share)

    def test_languages_with_little_text_are_read_again_but_not_twice_in_a_pass(self) -> None:
        files = self.files(5, 4)
        size = sum(len(f["text"]) for f in files)
        for wanted, expected in ((size, [20, 0, 0]), (2 * size, [20, 20, 0]), (9 * size, [20] * MAX_PASSES)):
            passes = chosen(by_folder(iter(files)), {"go": wanted}, random.Random(1))
            self.assertEqual([len({f["path"] for f in own}) for own in passes], expected)
            self.assertEqual([len(own) for own in passes], expected)


if __name__ == "__main__":
    unittest.main()
