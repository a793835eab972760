import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { dialogs } from "../support/vscodeStandIn.js";
import { importRequestOf, manageRequestOf } from "../../src/extension/models/given.js";
import { sayMissing } from "../../src/extension/models/models.js";

beforeEach(() => {
  dialogs.reset();
});

const whole = { source: "/a.pth", vocabulary: "/v.txt", quantization: "int4", prompt: "prefix", name: "a" } as const;
const least = { source: "/a.pth", quantization: "none", name: "a" } as const;

const imports: readonly (readonly [claim: string, given: unknown, isValid: boolean])[] = [
  ["all arguments", whole, true],
  ["the other quantization", { ...whole, quantization: "int8" }, true],
  ["the other prompt", { ...whole, prompt: "suffix-prefix-middle" }, true],
  ["only the required arguments", least, true],
  ["nothing", undefined, false],
  ["null", null, false],
  ["a text", "a.pth", false],
  ["no file", { ...whole, source: undefined }, false],
  ["a file that is a number", { ...whole, source: 1 }, false],
  ["no name", { ...whole, name: undefined }, false],
  ["a vocabulary that is no text", { ...whole, vocabulary: {} }, false],
  ["an unknown quantization", { ...whole, quantization: "int2" }, false],
  ["no quantization", { ...whole, quantization: undefined }, false],
  ["an unknown prompt", { ...whole, prompt: "middle" }, false],
];

for (const [claim, given, isValid] of imports) {
  test(`an import that another extension requests with ${claim} ${isValid ? "is prepared as requested" : "asks the user"}`, () => {
    const found = importRequestOf(given);
    const expected = isValid ? { vocabulary: undefined, prompt: undefined, ...(given as object) } : undefined;
    assert.deepEqual(found, expected);
  });
}

const folder = "/models/a";
const managed: readonly (readonly [given: unknown, isValid: boolean])[] = [
  ...["card", "verify", "reveal", "remove"].map((action) => [{ folder, action }, true] as const),
  [{ folder, action: "delete" }, false],
  [{ folder }, false],
  [{ folder: 1, action: "card" }, false],
  [undefined, false],
];

for (const [given, isValid] of managed) {
  test(`managing a model with ${JSON.stringify(given)} ${isValid ? "does so" : "asks the user"}`, () => {
    assert.deepEqual(manageRequestOf(given), isValid ? given : undefined);
  });
}

for (const [answer, changed] of [
  ["Select Model…", ["rwkvCode.selectModel"]],
  [undefined, []],
] as const) {
  test(`a model that is missing is named with its place; the user answers ${answer ?? "nothing"}`, async () => {
    dialogs.reset(answer);
    await sayMissing({ setting: "small", folder: "/models/small", isMissing: true });
    assert.match(dialogs.shown[0]!, /the model small was not found \(\/models\/small\)/);
    assert.deepEqual(dialogs.changed, changed);
  });
}
