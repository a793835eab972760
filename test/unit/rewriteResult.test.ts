import assert from "node:assert/strict";
import test from "node:test";
import { rewriteResult } from "../../src/extension/instructions/rewriteResult.js";
import { currentOffset } from "../../src/extension/instructions/selectedText.js";

const two = { text: "one();\ntwo();\n", languageId: "typescript" };

test("a rewrite is the code of the reply; whole lines stay whole lines", () => {
  const answer = { stop: "end", text: "So:\n```ts\none();\n```" } as const;
  assert.deepEqual(rewriteResult(answer, two), { kind: "whole", text: "one();\n" });
  assert.deepEqual(rewriteResult(answer, { ...two, text: "two()" }), { kind: "whole", text: "one();" });
  assert.deepEqual(rewriteResult({ stop: "end", text: "\n" }, two), { kind: "none" });
});

for (const stop of ["limit", "repetition"] as const) {
  test(`a truncated reply is not offered as a rewrite: ${stop}`, () => {
    assert.deepEqual(rewriteResult({ stop, text: "```ts\none();\n" }, two), { kind: "cut" });
    assert.deepEqual(rewriteResult({ stop, text: "one();" }, two), { kind: "cut" });
  });
  test(`a reply truncated after its code is a rewrite: ${stop}`, () => {
    const text = "```ts\none();\n```\nAs you see, as you see, ";
    assert.deepEqual(rewriteResult({ stop, text }, two), { kind: "whole", text: "one();\n" });
  });
}

const setup = "# Setup\n\n```sh\nnpm ci\n```\n\nThen start it.";
for (const [what, text] of [
  ["in a fence of the same length", `\`\`\`md\n${setup}\n\`\`\``],
  ["without a fence around it", `${setup}\n`],
  ["in a longer fence", `\`\`\`\`md\n${setup}\n\`\`\`\``],
] as const) {
  test(`Markdown with a fence of its own is one rewrite: ${what}`, () => {
    const selected = { text: "# Setup\n", languageId: "markdown" };
    assert.deepEqual(rewriteResult({ stop: "end", text }, selected), { kind: "whole", text: `${setup}\n` });
  });
}

/** Looks for the text between `├` and `┤` in `now`, the text after edits. @returns `now` with that text marked. */
function found(selected: string, now: string): string | undefined {
  const offset = selected.indexOf("├");
  const text = selected.slice(offset + 1, selected.indexOf("┤"));
  const place = currentOffset({ text, offset, before: selected.replace(/[├┤]/g, "") }, now);
  return place === undefined ? undefined : `${now.slice(0, place)}├${text}┤${now.slice(place + text.length)}`;
}

for (const [name, selected, now, expected] of [
  ["without an edit it is at its old position, even if the text occurs twice", "a;a;├a;┤b;", "a;a;a;b;", "a;a;├a;┤b;"],
  ["lines were inserted above the selection", "├a;┤b;", "new;\na;b;", "new;\n├a;┤b;"],
  ["the selection was edited itself", "├a;b;┤c;", "a;x;b;c;", undefined],
  ["the text now occurs twice", "├a;┤b;", "a;a;b;", undefined],
  ["one of two occurrences is left, and it is unclear which", "a;x;├a;┤", "x;a;", undefined],
  ["the selection is gone", "├a;┤b;", "b;", undefined],
] as const) {
  test(`the selection is found again if it is unambiguous: ${name}`, () => {
    assert.equal(found(selected, now), expected);
  });
}
