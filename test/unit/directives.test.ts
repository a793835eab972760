import assert from "node:assert/strict";
import test from "node:test";
import { strayDirective } from "../../src/core/filters/directives.js";
import { testPlaces } from "../support/insertionPlaces.js";
import { pointIn } from "../support/testInference.js";

const guarded = "#ifndef A_H\n#define A_H\n\n#ifdef B\nint b;\n¦\n\n#endif\n";
/**
 * The lines that are examined do not reach the start of the file, so an include guard may begin there, and the `#endif`
 * may end that guard.
 */
const far = `${Array.from({ length: 240 }, (_, i) => `int a${i};\n`).join("")}#ifdef B\nint b;\n¦\n\n#endif\n`;
const empty = "#ifdef A\n¦\n#endif\n\nint z;\n";
const withElif = "#if A\nint a;\n¦\n#elif C\nint c;\n#endif\n\nint z;\n";
const withElse = "#ifdef A\nint b;\n¦\n#else\nint d;\n#endif\n\nint z;\n";
const open = "#ifdef A\nint b;\n¦\n\n#ifdef C\nint d;\n#endif\n";
const last = "int a;\n#ifdef B\nint b;\n¦\n#endif\n";
const inFunction = "void f(void)\n{\n    a();\n#ifdef B\n    ¦\n#endif\n}\n";
const swift = "#if A\n¦\n#endif\n\nint z\n";

testPlaces("a condition of the preprocessor ends once", [
  [
    "generate",
    "a.c",
    empty,
    "#define B 1\n#else\n#define B 2\n#endif\n",
    empty.replace("¦", "#define B 1\n#else\n#define B 2"),
  ],
  ["generate", "a.c", withElse, "int c;\n#else\nint e;\n#endif\n", withElse.replace("¦", "int c;")],
  [
    "generate",
    "a.c",
    inFunction,
    "b();\n#else\n    c();\n#endif\n}\n",
    inFunction.replace("¦", "b();\n#else\n    c();"),
  ],
  ["inline", "a.c", empty, "#endif\n", null],
  ["inline", "a.c", last, "#endif\n", null],
  ["inline", "a.c", last.replace("¦", "#¦"), "endif\n", null],
  ["generate", "a.swift", swift, "int b\n#endif\n", swift.replace("¦", "int b")],
]);

testPlaces("other directives of the preprocessor stay", [
  ["inline", "a.h", guarded, "#endif\n", guarded.replace("¦", "#endif")],
  ["inline", "a.h", far, "#endif\n", far.replace("¦", "#endif")],
  ["inline", "a.cpp", "#ifdef A\n¦\n", "#endif\n", "#ifdef A\n#endif\n"],
  ["inline", "a.c", open, "#endif\n", open.replace("¦", "#endif")],
  ["generate", "a.c", withElif, "#elif B\nint b;\n", withElif.replace("¦", "#elif B\nint b;")],
  [
    "generate",
    "a.c",
    empty,
    "int b;\n#endif\n#ifdef C\nint c;\n",
    empty.replace("¦", "int b;\n#endif\n#ifdef C\nint c;"),
  ],
  [
    "generate",
    "a.cs",
    "int a;\n¦\n#if C\nint d;\n#endif\n",
    "#if B\nint b;\n#else\nint c;\n#endif\n",
    "int a;\n#if B\nint b;\n#else\nint c;\n#endif\n#if C\nint d;\n#endif\n",
  ],
  [
    "generate",
    "a.cs",
    "#if A\nusing a;\n¦\n#endif\n",
    "#else\nusing b;\n#endif\n#if C\nusing c;\n#else\nusing d;\n",
    "#if A\nusing a;\n#else\nusing b;\n#endif\n#if C\nusing c;\n#else\nusing d;\n#endif\n",
  ],
  ["inline", "a.py", "#if a\n¦\n#endif\n", "#endif\n", "#if a\n#endif\n#endif\n"],
]);

const lines = (count: number): string => "int a;\n".repeat(count);
const after = "\n\nint z;\n";

/**
 * A claim, a document with ║ at the cursor, a text, the part of the text that is kept, and whether the document is
 * given up to its end (by default, it is).
 */
const rows: readonly (readonly [string, string, string, string | undefined, boolean?])[] = [
  ["an end that is there already", `#ifdef A\n║\n#endif${after}`, "#endif", undefined],
  ["an end after a condition of the text", `#ifdef A\n║\n#endif${after}`, "#if B\n#endif\n#endif", "#if B\n#endif"],
  [
    "an end after two conditions of the text, one in the other",
    `#ifdef A\n║\n#endif${after}`,
    "#if B\n#if C\n#endif\n#endif\n#endif",
    "#if B\n#if C\n#endif\n#endif",
  ],
  ["an end below a condition that has ended", `#if B\n#endif\n#ifdef A\n║\n#endif${after}`, "#endif", undefined],
  [
    "not a branch that only an outer condition has",
    "#if A\n#if B\n║\n#endif\n#else\n#endif\n",
    "#else\nint c;",
    "#else\nint c;",
  ],
  ["not an end if the one below may be of a guard out of sight", `${lines(49)}#ifdef B\n║\n#endif`, "#endif", "#endif"],
  ["an end if nothing is out of sight", `${lines(48)}#ifdef B\n║\n#endif`, "#endif", undefined],
  ["an end if the document continues", `${lines(49)}#ifdef B\n║\n#endif`, "#endif", undefined, false],
  ["an end if the guard's own end is below", `${lines(60)}#ifdef B\n║\n#endif\n\n#endif\n`, "#endif", undefined],
  [
    "an end if the guard is in sight",
    `#ifndef A_H\n#define A_H\n${lines(60)}#ifdef B\n║\n#endif\n\n#endif\n`,
    "#endif",
    undefined,
  ],
];

for (const [claim, marked, text, left, reachesEnd] of rows) {
  test(`a text is cut before a directive: ${claim}`, () => {
    assert.equal(strayDirective({ text, replaced: 0 }, pointIn(marked, "a.c", reachesEnd))?.text, left);
  });
}
