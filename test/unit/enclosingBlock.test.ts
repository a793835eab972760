import assert from "node:assert/strict";
import test from "node:test";
import { enclosingBlock } from "../../src/core/completion/enclosingBlock.js";
import { withCursor } from "../support/room.js";

/** The indentation of the block that ║ is in, with `…` behind it where nothing closes the block. */
function blockAt(marked: string): string | undefined {
  const { text, line } = withCursor(marked);
  const lines = text.split("\n");
  const block = enclosingBlock({ above: lines.slice(0, line), below: lines.slice(line + 1) }, "  ");
  return block && `${block.indentation}${block.isUnclosed ? "…" : ""}`;
}

for (const [what, marked, expected] of [
  ["below the line that opens it", "function f() {\n║\n}\n", "  "],
  ["with a comment between, however that is indented", "function f() {\n// adds up\n\n║\n}\n", "  "],
  ["a comment below says nothing either", "function f() {\n║\n// end\n}\n", "  "],
  ["as deep as the lines of the block", "class A {\n    x = 1;\n\n// doubles x\n║\n}\n", "    "],
  ["behind a block within it", "function f() {\n  if (a) {\n    b();\n  }\n║\n}\n", "  "],
  ["behind a line that is broken up", "f(() => {\n  list\n    .map(one)\n║\n});\n", "  "],
  ["nothing closes it at the end of the text", "function f() {\n  a();\n║", "  …"],
  ["nothing closes it before what is less deep", "function f() {\n  a();\n║\nfunction g() {}\n", "  …"],
  ["one that indentation makes, below its opener", "def f(a):\n# doubles a\n║", "  "],
  [
    "one that indentation makes, and that goes on below",
    "def f(a):\n    b = a\n# doubles it\n║\n    return b\n",
    "    ",
  ],
  ["one that indentation makes may have ended", "def f(a):\n    return a\n\n# doubles it\n║", undefined],
  ["behind all blocks", "function f() {\n  a();\n}\n// calls f\n║", undefined],
  ["at the top", "// calls f\n║", undefined],
  ["what # begins may be code", "#page {\n║\n}\n", "  "],
] as const) {
  test(`a place in a block: ${what}`, () => {
    assert.equal(blockAt(marked), expected);
  });
}
