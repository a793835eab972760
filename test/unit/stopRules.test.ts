import assert from "node:assert/strict";
import test from "node:test";
import { cutAt, extentAt, repetitionCut } from "../../src/core/completion/stopRules.js";
import { randomFrom } from "../support/random.js";

test("a line ends at its line end", () => {
  assert.equal(cutAt("a + b;", { kind: "line" }), undefined);
  assert.equal(cutAt("a + b;\nc", { kind: "line" }), 6);
});

test("only an empty line below a line that opens a block gets more than one line", () => {
  assert.equal(extentAt("  ", ["if (x) {"]).kind, "block");
  assert.equal(extentAt("    ", ["def f():"]).kind, "block");
  assert.equal(extentAt("  ", ["x => "]).kind, "block");
  assert.equal(extentAt("  a", ["if (x) {"]).kind, "line");
  assert.equal(extentAt("", ["x = 1;"]).kind, "line");
  assert.equal(extentAt("", []).kind, "line");
});

test("a block ends where a line is less deep, at a blank line, and after eight lines", () => {
  const extent = extentAt("  ", ["if (x) {"]);
  assert.equal(cutAt("a();\n  b();\n", extent), undefined);
  assert.equal(cutAt("a();\n  b();\n}", extent), 11);
  assert.equal(cutAt("a();\n\n  b();", extent), 4);
  assert.equal(cutAt("a();\n  ".repeat(8), extent), 4 + 7 * 7);
});

test("text that goes round in circles ends after the first round", () => {
  assert.equal(repetitionCut("x = foo(1, foo(1, foo(1, "), "x = foo(1, ".length);
  assert.equal(repetitionCut("x = foo(1, bar(1, foo(1, "), undefined);
  assert.equal(repetitionCut("// 1-1-1-1-1-1-"), "// 1-1-".length);
});

test("a rule of dashes is no repetition", () => {
  for (const rule of ["-", "-=", "* "]) assert.equal(repetitionCut(`// ${rule.repeat(40)}`), undefined);
});

/** What `repetitionCut` says, as its comment says it. */
function firstOfThree(text: string): number | undefined {
  for (let period = 4; period * 3 <= text.length; period++) {
    const last = text.slice(-period);
    const isVaried = new Set(last).size >= (/[\p{L}\p{N}]/u.test(last) ? 2 : 3);
    if (isVaried && text.endsWith(last.repeat(3))) return text.length - 2 * period;
  }
  return undefined;
}

test("a repetition is where three equal stretches end a text, whatever it is made of", () => {
  const random = randomFrom(7);
  let found = 0;
  for (let i = 0; i < 4000; i++) {
    const unit = Array.from({ length: 1 + random.below(9) }, () => random.pick(["a", "b", "-", " ", "\n", "😀", "é"]));
    const text = ["x=", ...Array.from({ length: 2 + random.below(4) }, () => unit.join(""))].join("");
    const cut = repetitionCut(text);
    assert.equal(cut, firstOfThree(text), JSON.stringify(text));
    if (cut !== undefined) found++;
  }
  assert.ok(found > 1000 && found < 3900, `${found} repetitions`);
});
