import assert from "node:assert/strict";
import test from "node:test";
import type { Filter } from "../../src/core/filters/filter.js";
import { deeperThanOpener, firstLineEnd, singleBlank } from "../../src/core/filters/layout.js";
import { repeatsAbove, repeatsBelow } from "../../src/core/filters/repetition.js";
import { lineContinues } from "../../src/core/filters/structure.js";
import { unreadable } from "../../src/core/filters/unreadable.js";
import { pointIn } from "../support/testInference.js";

/** A claim, a document with ║ at the cursor, a text, what the filter leaves of it, and the file's name. */
type Row = readonly [claim: string, document: string, text: string, left: string | undefined, path?: string];

function testFilter(name: string, filter: Filter, rows: readonly Row[]): void {
  for (const [claim, document, text, left, path] of rows) {
    test(`${name}: ${claim}`, () => {
      assert.equal(filter({ text, replaced: 0 }, pointIn(document, path))?.text, left);
    });
  }
}

testFilter("leading newlines are removed", firstLineEnd, [
  ["on a blank line of a block", "if (a) {\n  ║\n}", "\n  b();", "b();"],
  ["below other statements of a block", "if (a) {\n  b();\n  ║\n}", "\n  c();", "c();"],
  ["all of them", "if (a) {\n  ║\n}", "\n \n\n    b();", "  b();"],
  ["if the block is one column deep, too", "if (a) {\n b();\n ║\n}", "\n c();", "c();"],
  ["with the indentation that the line lacks", "if (a) {\n    ║\n}", "\n  b();", "b();"],
  ["right below an opener that is not indented", "if (a) {\n║\n}", "\n  b();", "  b();"],
  ["not outside of blocks", "a();\n║", "\nb();", "\nb();"],
  ["not after code", "if (a) {\n  b║\n}", "\n  c();", "\n  c();"],
  ["not if there are none", "if (a) {\n  ║\n}", "  b();", "  b();"],
  ["not at the start of a document", "║", "\na();", "\na();"],
]);

testFilter("a leading blank is dropped", singleBlank, [
  ["after another one", "a = ║", " b;", "b;"],
  ["a tab, too", "a =\t║", "\tb;", "b;"],
  ["not after a word", "a =║", " b;", " b;"],
  ["not on a blank line", "  ║", " b;", " b;"],
  ["not if there are several", "a = ║", "  b;", "  b;"],
  ["not before a comment", "a; ║", " // b", " // b"],
  ["not before a comment of Python", "a ║", " # b", " # b", "a.py"],
  ["not in a string", "a = 'b ║'", " c", " c"],
  ["not in a comment", "// a ║", " b", " b"],
  ["not in a column of a table above", "ab: [ 1,  2 ],\nb: [  1, ║", " 3 ],", " 3 ],"],
  ["nor of one two lines above", "ab: [ 1,  2 ],\nc();\nb: [  1, ║", " 3 ],", " 3 ],"],
  ["but of none that is farther away", "ab: [ 1,  2 ],\nc();\nd();\nb: [  1, ║", " 3 ],", "3 ],"],
  ["not in a column of a table below", "b: [  1, ║\nab: [ 1,  2 ],", " 3 ],", " 3 ],"],
  ["nor of one two lines below", "b: [  1, ║\nc();\nab: [ 1,  2 ],", " 3 ],", " 3 ],"],
  ["but of none that is farther below", "b: [  1, ║\nc();\nd();\nab: [ 1,  2 ],", " 3 ],", "3 ],"],
  ["not in a column of the text itself", "b: [  1, ║", " 3 ],\nab: [ 1,  2 ],", " 3 ],\nab: [ 1,  2 ],"],
  ["not before a sign that is aligned", "abc = 1;\nab ║", " = 2;", " = 2;"],
  ["but before another sign", "abc = 1;\nab ║", " + 2;", "+ 2;"],
  ["nor before a word after a single blank", "abc d;\nab ║", " d;", "d;"],
  ["except in Go, where types are aligned", "\tabc int\n\tab ║", " int", " int", "a.go"],
  ["nor where a line below indentation begins", "     b();\na = ║", " c;", "c;"],
  ["not in a column after a single character", "a  b;\nc ║", " d;", " d;"],
  ["not in a column after a tab", "abc\td;\nab ║", " d;", " d;"],
]);

testFilter("a text is cut before a line that should be deeper", deeperThanOpener, [
  ["below an opener", "║", "if (a) {\nb();\n  c();\n}", "if (a) {"],
  ["below one within it", "║", "if (a) {\n  if (b) {\n  c();\n", "if (a) {\n  if (b) {"],
  ["below blank lines", "║", "if (a) {\n\nb();\n  c();\n}", "if (a) {\n"],
  ["not if it is deeper", "║", "if (a) {\n  b();\n}", "if (a) {\n  b();\n}"],
  ["not a closer", "║", "if (a) {\n}", "if (a) {\n}"],
  ["not a comment", "║", "if (a) {\n// b\n}", "if (a) {\n// b\n}"],
  ["not a label", "║", "switch (a) {\ncase b:\n}", "switch (a) {\ncase b:\n}"],
  ["not below a label", "║", "switch (a) {\n  case b:\n  c();\n}", "switch (a) {\n  case b:\n  c();\n}"],
  ["not an argument", "║", "f(\na);", "f(\na);"],
  ["not in a document whose blocks are flat", "if (a) {\nb();\n}\n║", "if (c) {\nd();\n}", "if (c) {\nd();\n}"],
  ["not in a script", "║", "<script>\na();", "<script>\na();", "a.html"],
  ["not in text", "║", "<a>\n<b>", "<a>\n<b>", "a.html"],
  [
    "not a constructor's body below its initializers",
    "A::A(int b)\n    ║",
    ": b_(b) {\n  c();\n}",
    ": b_(b) {\n  c();\n}",
    "a.cpp",
  ],
  ["but one as deep as the constructor", "A::A(int b)\n    ║", ": b_(b) {\nc();\n  d();\n}", ": b_(b) {", "a.cpp"],
  ["not a pattern of a shell's case", "║", "case a in\nb) c;;", "case a in\nb) c;;", "a.sh"],
  ["not below a word that continues a statement", "║", "throws A {\nb();\n}", "throws A {\nb();\n}", "a.java"],
  ["not a line after a closed block", "║", "if (a) { b(); }\nc();", "if (a) { b(); }\nc();"],
]);

testFilter("a text that repeats what is below is cut", repeatsBelow, [
  ["in its first line", "a();\n║\nfoo(b);", "foo(b);", undefined],
  ["together with the cursor's line", "fo║\nfoo(b);", "o(b);", undefined],
  ["in a later line", "║\nfoo(b);", "a();\nfoo(b);", "a();"],
  ["across blank lines", "║\n\n\nfoo(b);", "foo(b);", undefined],
  ["with another separator at its end", "║\nfoo(b);", "foo(b),", undefined],
  ["with other quotes", "║\nfoo('b');", 'foo("b");', undefined],
  ["not with other quotes if there are two kinds", "║\nfoo('b', \"c\");", "foo(\"b\", 'c');", "foo(\"b\", 'c');"],
  ["not with another indentation", "║\n  foo(b);", "foo(b);", "foo(b);"],
  ["not a line of closers", "if (a) {\n║\n}", "}", "}"],
  ["not a line without letters", "║\n---", "---", "---"],
  ["but the end of a shell's case", "║\n  ;;", "  a\n  ;;", "  a", "a.sh"],
  ["not a short first line", "║\nab", "ab", "ab"],
  ["but one of three characters", "║\nabc", "abc", undefined],
  ["and a short later one", "║\nab", "cde\nab", "cde"],
  ["not a row of data below which is an equal one", "║\n0x00,\n0x00,", "0x00,", "0x00,"],
  ["nor one above which is an equal one", "0x00,\n║\n0x00,", "0x00,", "0x00,"],
  ["but one that is alone", "║\n0x00,\n0x01,", "0x00,", undefined],
  ["not if it continues otherwise", "║\nfoo(b);\nbar();", "foo(b);\nbaz();", "foo(b);\nbaz();"],
  ["but if it continues in the same way", "║\nfoo(b);\nbar();", "foo(b);\nbar();", undefined],
  ["or past the end of the document", "║\nfoo(b);", "foo(b);\nbar();", undefined],
  ["or if it declares a name", "║\nfunction foo() {\n  a();", "function foo() {\n  b();", undefined],
]);

testFilter("a text that repeats the line above is rejected", repeatsAbove, [
  ["if its first line does", "foo(a);\n║", "foo(a);\nbar();", undefined],
  ["across blank lines", "foo(a);\n\n║", "foo(a);", undefined],
  ["with the cursor's line", "foo(a);\nfo║", "o(a);", undefined],
  ["not if a later line does", "foo(a);\n║", "bar();\nfoo(a);", "bar();\nfoo(a);"],
  ["not an earlier line", "foo(a);\nbar();\n║", "foo(a);", "foo(a);"],
  ["not a short line", "ab\n║", "ab", "ab"],
  ["but one of three characters", "abc\n║", "abc", undefined],
  ["not closers", "}\n});\n║", "});", "});"],
  ["not a line without letters", "// ---\n// //\n---\n║", "---", "---"],
  ["not a row of data below an equal one", "0x00,\n0x00,\n║", "0x00,", "0x00,"],
  ["nor one above an equal one", "0x00,\n║\n0x00,", "0x00,", "0x00,"],
  ["but a statement", "foo(a);\nfoo(a);\n║", "foo(a);", undefined],
  ["at the start of a document", "║", "foo(a);", "foo(a);"],
]);

testFilter("before other text on the cursor's line, a text is cut", lineContinues, [
  ["at its line's end", "a = ║ + c", "b\n", "b"],
  ["before it repeats that text", "add(║first, second)", "zero, first", "zero, "],
  ["not before a part of a word", "add(║first, b)", "firstly, ", "firstly, "],
  ["even if it continues otherwise", "add(║first, b)", "zero, first, c", "zero, "],
  ["even from its start", "add(║first, b)", "first, c", ""],
  ["not before a longer word that continues otherwise", "add(║first, b)", "zero, firstly, c", "zero, firstly, c"],
  ["nor before a part of a word", "add(║first, b)", "zero, fir, c", "zero, fir, c"],
  ["nor within a word", "add(║first, b)", "the_first, c", "the_first, c"],
  ["nor before signs alone", "a = ║ + c", "b + d", "b + d"],
  ["nor before letters that are on both sides", "a║a + b", "xay", "xay"],
  ["nor before a quote in a string", "a = '║' + b", "c'd", "c'd"],
  ["at its start if it begins a line", "a = ║ + c", "\nb", ""],
  ["at its line's end before a closer", "f({║} + a)", "b\nc", "b"],
  ["before the rest of a word that it begins", "add(║first, b)", "thefirst, ", "the"],
  ["before the signs that they share", "a = ║ + c", "b + ", "b"],
  ["before a sign that they share", "a = ║+ c", "b+", "b"],
  ["before a semicolon", "a = ║ + c", "b;", "b"],
  ["not in a body between brackets", "f({║} + a)", "\n  b\n", "\n  b\n"],
  ["not if only closers follow", "f(║)", "a;\nb", "a;\nb"],
  ["not before a word between brackets of its own", "f(║b): c", "(a: b): d, e:", "(a: b): d, e:"],
  ["not before a word that continues otherwise", "a(║ b.c)", "b.d, e,", "b.d, e,"],
  ["before all of that text rather than a part", "f(║ a, b) {", "c: a, d: a, b) {", "c: a, d:"],
  ["before all of that text and more", "if (║ && b) {", "a && b) { c(); }", "a"],
  ["before an argument that is there", "f(║, b);", "a, b, c);", "a"],
  ["not before a part of the next word", "var║ error", " err", " err"],
  ["not before numbers that recur", "[0, ║ 0, 0]", "0, 0, 0,", "0, 0, 0,"],
  ["not before a closer of its own", "f(║) + a", "b(c)", "b(c)"],
  ["not before a semicolon above another statement", "f() {║ if (a) b();", "c();", "c();"],
  ["nor before one in a loop's head", "for (║ a; b) {", "c;", "c;"],
  ["nor before one in a string", "f('║' + a)", "b;", "b;"],
  ["nor before one above a comment", "a║ // b", ";", ";"],
  ["nor before one in a macro", "#define A \\\n  a║ \\", ";", ";", "a.c"],
  ["nor before one in a body that ends on the line", "if (a) { ║ } else {", "b();", "b();", "a.java"],
  ["before the angle of a tag in a string", "f('<║>')", "a>", "a"],
  ["before an angle that was opened above", "a<\n  ║> b", "c> b", "c"],
  ["not behind a string that has ended", "'a'║'b'", ",'c',", ",'c',", "a.c"],
  ["before a backtick that ends code in a sentence", "use `a║` for", "b` to", "b", "a.md"],
  ["before a third backtick", "a=`║`", "b`c", "b", "a.sh"],
  ["before an angle that is there", "Map<║>", "A, B>()", "A, B"],
  ["with angles of its own", "Map<║>", "A<B>, C>", "A<B>, C"],
  ["not before an arrow", "f<║>", "(a) => b", "(a) => b"],
  ["not if the angle follows no name", "( <║>", "2>", "2>"],
  ["before the angle of an include", "#include <║>", "a>", "a", "a.cpp"],
  ["not in a tag whose element it ends", "<a ║></a>", "b></a>", "b></a>", "a.html"],
  ["not in a tag whose end it contains", "<a ║></a>", "b='c'>d", "b='c'>d", "a.html"],
]);

testFilter("a text is cut before a character that cannot be seen", unreadable, [
  ["a control character", "║", "a\u0000b", "a"],
  ["at its start", "║", "\u0000b", ""],
  ["a mark that reverses text", "// ║", "a\u202eb", "a"],
  ["not if there is none", "║", "a\tb\nc", "a\tb\nc"],
  ["an unusual space in code", "║", "a\u00a0b", "a"],
  ["not in a string", "║", "a('\u00a0b')", "a('\u00a0b')"],
  ["not in a comment", "// ║", "a\u00a0b", "a\u00a0b"],
  ["but after the string", "║", "a('\u00a0b')\u00a0c", "a('\u00a0b')"],
  ["a joiner in code", "║", "a\u200db", "a"],
  ["not one between two emoji", "║", "👩\u200d👩", "👩\u200d👩"],
  ["an unusual space between two emoji", "║", "👩\u00a0👩", "👩"],
  ["a joiner after an emoji alone", "║", "👩\u200da", "👩"],
  ["even with a skin tone", "║", "👩🏽\u200d👩", "👩🏽\u200d👩"],
  ["not one in text", "// ║", "a\u200db", "a\u200db"],
  ["but one before a space", "// ║", "a\u200d b", "a"],
]);
