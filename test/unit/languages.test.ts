import assert from "node:assert/strict";
import test from "node:test";
import { toggled } from "../../src/extension/languages.js";
import type { EnabledLanguages } from "../../src/shared/protocol.js";
import { isLanguageEnabled } from "../../src/shared/eligibility.js";

const defaultValue = { "*": true, markdown: false };

/** Toggles languages one after the other. @returns the user's and the workspace's settings after each. */
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

test("a language named like an inherited property can be toggled like others", () => {
  for (const languageId of ["constructor", "__proto__", "hasOwnProperty"]) {
    assert.equal(isLanguageEnabled({}, languageId), true);
    assert.equal(isLanguageEnabled({ "*": false }, languageId), false);
  }
  const [user] = after(["constructor"], undefined, {}).at(-1) ?? [];
  assert.deepEqual(Object.entries(user ?? {}), [["constructor", false]]);
});

test("toggling twice leaves no entry", () => {
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

test("turning all off also turns off a language that was turned on; turning all on keeps disabled languages off", () => {
  assert.deepEqual(after(["*"], { python: true, go: false }), [[{ go: false, "*": false }, undefined]]);
  assert.deepEqual(after(["*"], { python: true }, { rust: true }), [[{ "*": false }, undefined]]);
  assert.deepEqual(after(["*"], { "*": false, go: false }), [[{ go: false }, undefined]]);
});

test("turning off a language that was turned on while all are off removes its entry", () => {
  assert.deepEqual(after(["python", "python"], { "*": false }), [
    [{ "*": false, python: true }, undefined],
    [{ "*": false }, undefined],
  ]);
});

test("the deciding entry is changed: the workspace's if there is one", () => {
  assert.deepEqual(after(["python"], { python: true }, { python: false }), [[{ python: true }, undefined]]);
  assert.deepEqual(after(["python"], { python: false }, { python: false }), [[{ python: false }, { python: true }]]);
  assert.deepEqual(after(["*"], {}, { "*": true }), [[{}, { "*": false }]]);
});
