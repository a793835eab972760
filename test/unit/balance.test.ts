import assert from "node:assert/strict";
import { test } from "node:test";
import { autoClosers } from "../../bench/quality/autoClosing.js";
import { damageOf, type Damage } from "../../bench/quality/balance.js";
import { lineStates } from "../../bench/quality/lineStates.js";

/**
 * The damage that inserting `text` at ¦ does to an unfinished file: the text from ¦ to the line that begins with § is
 * not typed yet, except for closers that the editor has inserted.
 */
function damageBy(marked: string, text: string, replaced = 0): Damage | undefined {
  const lines = marked.split("\n");
  const line = lines.findIndex((one) => one.includes("¦"));
  const belowFrom = lines.findIndex((one) => one.startsWith("§"));
  const at = lines[line]?.indexOf("¦") ?? 0;
  const whole = lines.map((one) => one.replace(/[¦§]/, ""));
  const [state] = lineStates("a.ts", whole, line, line + 1);
  assert.ok(state);
  const closers = autoClosers(whole[line] ?? "", at, state);
  return damageOf({ lines: whole, line, at, belowFrom, state, closers }, text, replaced);
}

const block = "f(() => {\n  ¦a();\n  b();\n§});\n";
const judged: readonly (readonly [string, string, number, Damage | undefined])[] = [
  [block, "a();\n  b();", 0, undefined],
  [block, "if (c) {", 0, undefined],
  [block, "a();\n});", 0, "closed twice"],
  [block, "a());", 0, "closed twice"],
  [block, "a();\n  if (c) {", 0, "left open"],
  [block, 'a("b);\n  c();', 0, "left open"],
  ["f(¦a, b);\n§g();\n", "a, b)", 1, undefined],
  ["f(¦a, b);\n§g();\n", "a, b)", 0, "closed twice"],
  ["f(¦a, b);\n§g();\n", "a, (b", 0, "left open"],
  ["if (a) {\n  ¦b();\n}\nif (c) {\n§  d();\n}\n", "b();\n}\nif (x) {", 0, undefined],
];
for (const [marked, text, replaced, damage] of judged) {
  test(`${JSON.stringify(text)} at ${JSON.stringify(marked)}: ${damage ?? "no damage"}`, () => {
    assert.equal(damageBy(marked, text, replaced), damage);
  });
}
