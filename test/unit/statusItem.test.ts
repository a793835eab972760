import assert from "node:assert/strict";
import test, { mock } from "node:test";
import { statusBarItem } from "../support/vscodeStandIn.js";
import { StatusItem, type Absence } from "../../src/extension/statusItem.js";
import type { NothingShown } from "../../src/shared/nothingShown.js";
import type { ServerStatus } from "../../src/shared/protocol.js";

const ready = { kind: "ready", model: "World 0.1B" } as ServerStatus; // only these members are used
const reading = { kind: "reading", fraction: 0.25 } as ServerStatus;

/** Shows a status. @returns the text and the tooltip of the item. */
function shown(item: StatusItem, status: ServerStatus, absence?: Absence, last?: NothingShown): [string, string] {
  item.show(status, absence, last, "markdown");
  return [statusBarItem.text, statusBarItem.tooltip];
}

test("reading is shown after a second, and not in a document that is not completed", () => {
  mock.timers.enable({ apis: ["Date"] });
  try {
    const item = new StatusItem("rwkvCode.menu");
    const [idle] = shown(item, ready);
    assert.equal(shown(item, reading)[0], idle);
    mock.timers.tick(999);
    assert.equal(shown(item, reading)[0], idle);
    mock.timers.tick(1);
    assert.notEqual(shown(item, reading)[0], idle);
    // The delay starts again each time that background reading resumes.
    assert.equal(shown(item, ready)[0], idle);
    assert.equal(shown(item, reading)[0], idle);
    assert.equal(shown(item, reading, "languageOff")[0], "$(circle-slash) RWKV");
  } finally {
    mock.timers.reset();
  }
});

test("a failure is a warning, whatever the document is; the next status is not", () => {
  const item = new StatusItem("rwkvCode.menu");
  const failed = { kind: "failed", reason: "model.json is missing" } as const;
  assert.deepEqual(shown(item, failed, "ghostTextOff"), ["$(warning) RWKV", "model.json is missing"]);
  assert.notEqual((statusBarItem as { backgroundColor?: unknown }).backgroundColor, undefined);
  shown(item, ready);
  assert.equal((statusBarItem as { backgroundColor?: unknown }).backgroundColor, undefined);
});

test("the item says why there is no ghost text", () => {
  const item = new StatusItem("rwkvCode.menu");
  const off = "Inline suggestions are turned off by the setting editor.inlineSuggest.enabled.";
  assert.deepEqual(shown(item, ready, "ghostTextOff"), ["$(circle-slash) RWKV", off]);
  assert.equal(shown(item, ready, "automaticOff")[1], "Completions appear only when you trigger them.");
  assert.equal(shown(item, ready, "allOff")[1], "Completions are off for all languages.");
  assert.equal(shown(item, ready, "languageOff")[1], "Completions are off for markdown.");
  assert.equal(shown(item, ready, "tooLarge")[1], "This file is too large for completions.");
});

test("the item says until when suggestions are snoozed, and a failure matters more", () => {
  const item = new StatusItem("rwkvCode.menu");
  const snoozed = { snoozedUntilMs: new Date(2026, 10, 29, 20, 5).getTime() };
  const [text, tooltip] = shown(item, ready, snoozed);
  assert.equal(text, "$(bell-slash) RWKV");
  assert.match(tooltip, /^Inline suggestions are snoozed until 8:05\sPM\.$/);
  assert.equal(shown(item, { kind: "failed", reason: "model.json is missing" }, snoozed)[1], "model.json is missing");
});

test("the last request's reason is shown unless it is also the document's", () => {
  const item = new StatusItem("rwkvCode.menu");
  const [, tooltip] = shown(item, ready, undefined, { reason: "repeatsBelow" });
  assert.match(tooltip, /\nLast request: nothing shown, the text repeats the line below$/);
  assert.doesNotMatch(shown(item, ready, "tooLarge", { reason: "tooLarge" })[1], /Last request/);
});
