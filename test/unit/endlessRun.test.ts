import assert from "node:assert/strict";
import test from "node:test";
import { endlessRun } from "../../src/core/filters/endlessRun.js";
import { pointIn } from "../support/testInference.js";

/** The part of a text that the filter keeps at the cursor of `marked`. */
function kept(text: string, marked = "║", path = "src/a.ts"): string | undefined {
  return endlessRun({ text, replaced: 0 }, pointIn(marked, path))?.text;
}

const times = (text: string, count: number): string => text.repeat(count);

for (const [claim, whole, expected, marked, path] of [
  ["eight equal characters are no endless run", `a();\nb(${times("x", 8)}`, `a();\nb(${times("x", 8)}`],
  ["the line with nine at its end is dropped", `a();\nb(${times("x", 9)}`, "a();"],
  ["a first line with nine at its end is dropped", times("~", 9), ""],
  ["characters of two code units count once", `a();\n// ${times("😀", 8)}`, `a();\n// ${times("😀", 8)}`],
  ["runs of characters of two code units are found", `a();\n// ${times("😀", 9)}`, "a();"],
  ["spaces are no run", `a();${times(" ", 30)}b();`, `a();${times(" ", 30)}b();`],
  ["a run that is followed by text may be long", `// ${times("=", 80)}\na();`, `// ${times("=", 80)}\na();`],
  ["a run that is followed by text may not be longer than 80", `a();\n// ${times("=", 81)}\nb();`, "a();"],
  ["in prose only the word is dropped", `So be ${times("x", 9)}`, "So be ", "║", "a.txt"],
  ["in TeX only the word is dropped", `So be ${times("x", 9)}`, "So be ", "║", "a.tex"],
  ["in prose a line without words is dropped", `So\n${times("x", 9)}`, "So", "║", "a.txt"],
  ["a run may exceed the document's longest by eight", times("~", 28), times("~", 28), `// ${times("~", 20)}\n║`],
  ["a run may not exceed the document's longest by more than eight", times("~", 29), "", `// ${times("~", 20)}\n║`],
  ["runs below count too", times("~", 28), times("~", 28), `║\n// ${times("~", 20)}`],
  ["as many closers are allowed as are open above", times(")", 10), times(")", 10), `${times("f(\n", 10)}║`],
  ["no more closers are allowed than are open above", times(")", 11), "", `${times("f(\n", 10)}║`],
  ["open brackets of another kind do not count", times(")", 10), "", `${times("[\n", 10)}║`],
  ["brackets that the line opens count", times(")", 10), times(")", 10), `${times("f(", 10)}║`],
  [
    "brackets that the text opens count",
    `${times("(", 5)}1${times(")", 10)}`,
    `${times("(", 5)}1${times(")", 10)}`,
    `${times("f(", 5)}║`,
  ],
  ["a number may consist of equal digits", "a = 1000000000000", "a = 1000000000000"],
  ["a number may begin in the text", `0x${times("0", 30)}`, `0x${times("0", 30)}`],
  [
    "a run after other text may exceed the document's longest, too",
    `// ${times("~", 28)}`,
    `// ${times("~", 28)}`,
    `// ${times("~", 20)}\n║`,
  ],
  ["the ruler of a table may be long", `| a |\n|${times("-", 12)}`, `| a |\n|${times("-", 12)}`, "║", "a.md"],
  ["an underline is no longer than its title", times("=", 11), "", "Ten words.\n║", "a.md"],
  ["the underline of a title is no endless run", "==========", "==========", "Ten words.\n║", "a.md"],
  [
    "an underline below the title that the text begins with is no endless run",
    "Ten words.\n==========",
    "Ten words.\n==========",
    "║",
    "a.md",
  ],
  [
    "an underline that is longer than its title is an endless run",
    `Ten words.\n${times("=", 11)}`,
    "Ten words.",
    "║",
    "a.md",
  ],
  [
    "other text on the line is no underline",
    `Ten words and more.\n# ${times("=", 11)}`,
    "Ten words and more.",
    "║",
    "a.md",
  ],
] as const satisfies readonly (readonly [string, string, string, string?, string?])[]) {
  test(claim, () => {
    assert.equal(kept(whole, marked, path), expected);
  });
}
