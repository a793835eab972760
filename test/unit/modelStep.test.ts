import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { dialogs } from "../support/vscodeStandIn.js";
import { fireTabs } from "../support/tabs.js";
import { ModelStep, modelStepContext } from "../../src/extension/models/modelStep.js";

beforeEach(() => {
  dialogs.reset();
});

const walkthrough = { input: undefined };
const file = { input: {} };
const completed = [`${modelStepContext} = true`, `${modelStepContext} = false`];
const settle = (): Promise<void> => new Promise(setImmediate);

test("the step is completed when a model is chosen, and again when a walkthrough opens after that", async () => {
  const step = new ModelStep();
  fireTabs({ opened: [walkthrough] });
  await settle();
  assert.deepEqual(dialogs.changed, []);
  await step.chosen();
  assert.deepEqual(dialogs.changed, completed);
  for (const change of [{ opened: [walkthrough] }, { changed: [file, walkthrough] }]) {
    dialogs.reset();
    fireTabs(change);
    await settle();
    assert.deepEqual(dialogs.changed, completed);
  }
  dialogs.reset();
  fireTabs({ opened: [file], changed: [file], closed: [walkthrough] });
  step.dispose();
  fireTabs({ opened: [walkthrough] });
  await settle();
  assert.deepEqual(dialogs.changed, []);
});
