import assert from "node:assert/strict";
import test from "node:test";
import { toggled } from "../../src/extension/languages.js";
import type { EnabledLanguages } from "../../src/shared/protocol.js";
import { isLanguageEnabled } from "../../src/shared/eligibility.js";

const defaultValue = { "*": true, markdown: false };

/** What stands in the user's settings and in the workspace's after each of some toggles. */
function after(
  toggles: readonly string[],
  globalValue?: EnabledLanguages,
  workspaceValue?: EnabledLanguages,
): readonly (readonly [EnabledLanguages | undefined, EnabledLanguages | undefined])[] {
  const levels = { defaultValue, globalValue, workspaceValue };
  return toggles.map((languageId) => {
    for (const { level, value } of toggled(levels, languageId)) levels[level] = value;
    return [levels.globalValue, levels.workspaceValue] as const;
  });
}

test("a language whose name every object inherits is on or off as the others are", () => {
  for (const languageId of ["constructor", "__proto__", "hasOwnProperty"]) {
    assert.equal(isLanguageEnabled({}, languageId), true);
    assert.equal(isLanguageEnabled({ "*": false }, languageId), false);
  }
  const [user] = after(["constructor"], undefined, {}).at(-1) ?? [];
  assert.deepEqual(Object.entries(user ?? {}), [["constructor", false]]);
});

test("what is toggled twice leaves no entry behind", () => {
  assert.deepEqual(after(["python", "python"]), [
    [{ python: false }, undefined],
    [undefined, undefined],
  ]);
  assert.deepEqual(after(["markdown", "markdown"], { go: false }), [
    [{ go: false, markdown: true }, undefined],
    [{ go: false }, undefined],
  ]);
  assert.deepEqual(after(["*", "*"]), [
    [{ "*": false }, undefined],
    [undefined, undefined],
  ]);
});

test("all off is off for a language too that was turned on by itself; all on leaves off what was turned off", () => {
  assert.deepEqual(after(["*"], { python: true, go: false }), [[{ go: false, "*": false }, undefined]]);
  assert.deepEqual(after(["*"], { python: true }, { rust: true }), [[{ "*": false }, undefined]]);
  assert.deepEqual(after(["*"], { "*": false, go: false }), [[{ go: false }, undefined]]);
});

test("a language that was turned on while all others are off goes off with its entry", () => {
  assert.deepEqual(after(["python", "python"], { "*": false }), [
    [{ "*": false, python: true }, undefined],
    [{ "*": false }, undefined],
  ]);
});

test("the entry that decides is changed: the workspace's where it has one", () => {
  assert.deepEqual(after(["python"], { python: true }, { python: false }), [[{ python: true }, undefined]]);
  assert.deepEqual(after(["python"], { python: false }, { python: false }), [[{ python: false }, { python: true }]]);
  assert.deepEqual(after(["*"], {}, { "*": true }), [[{}, { "*": false }]]);
});
