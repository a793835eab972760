import assert from "node:assert/strict";
import test from "node:test";
import { alternativeLabel, type AlternativeLabel } from "../../src/extension/alternativeLabel.js";

const cases: readonly (readonly [string, string, string, AlternativeLabel])[] = [
  ["one line", "  return ", "a;", { label: "return a;" }],
  ["nothing on the first line", "  ", "\n  b();", { label: "↵", detail: "b();" }],
  ["several lines, ended in any way", "if (a) ", "{\r\n  b();\r  c();\n}", { label: "if (a) {", detail: "b(); ↵ c(); ↵ }" }],
  ["blank lines", "a", "\n\n  \n b\n", { label: "a", detail: "b" }],
  ["what looks like an icon", "`$(", "zap)`\n$(x)", { label: "`\\$(zap)`", detail: "\\$(x)" }],
  ["160 characters below", "a", `\n${"b".repeat(160)}`, { label: "a", detail: "b".repeat(160) }],
  ["161 characters below", "a", `\n${"b".repeat(161)}`, { label: "a", detail: `${"b".repeat(159)}…` }],
]; // prettier-ignore

for (const [what, before, text, expected] of cases) {
  test(`the label of an alternative: ${what}`, () => {
    assert.deepEqual(alternativeLabel(before, text), expected);
  });
}
