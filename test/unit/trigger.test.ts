import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { dialogs } from "../support/vscodeStandIn.js";
import { reportingFailure } from "../../src/extension/failure.js";
import type { CompletionClient } from "../../src/extension/completionClient.js";
import { triggerCompletion } from "../../src/extension/trigger.js";
import type { Blocker } from "../../src/shared/eligibility.js";

beforeEach(() => {
  dialogs.reset();
});

interface Situation {
  readonly blocker?: Blocker;
  readonly isAsked?: boolean;
  readonly problem?: string;
}

/** A server that the editor asks, or does not. */
function serverIn({ blocker, isAsked = true, problem }: Situation): {
  server: CompletionClient;
  opened: () => number;
} {
  let opened = 0;
  let looks = 0;
  const server = {
    documents: { blocker: () => blocker },
    startFor: async () => {
      opened++;
    },
    model: async () => {
      if (problem !== undefined) throw new Error(problem);
    },
    completions: {
      get invocations() {
        return isAsked ? looks++ : 0;
      },
    },
  };
  return { server: server as unknown as CompletionClient, opened: () => opened }; // has the members that are used
}

test("the command opens the document in the server, whatever its language, and triggers the editor's request", async () => {
  const { server, opened } = serverIn({});
  await triggerCompletion(server);
  assert.equal(opened(), 1);
  assert.deepEqual(dialogs.changed, ["editor.action.inlineSuggest.trigger"]);
  assert.deepEqual(dialogs.shown, []);
});

test("an editor that makes no request is reported as read-only", async () => {
  await triggerCompletion(serverIn({ isAsked: false }).server);
  assert.deepEqual(dialogs.shown, ["RWKV Code: This editor does not show completions. It may be read-only."]);
});

for (const [blocker, shown, setting] of [
  ["excluded", "This file is excluded by the setting rwkvCode.exclude.", true],
  ["tooLarge", "This file is too large for completions.", true],
  ["notEditable", "This document cannot be edited.", false],
] as const) {
  test(`the user sees why nothing appears, with the responsible setting: ${blocker}`, async () => {
    dialogs.reset("Open Settings");
    const { server, opened } = serverIn({ blocker });
    await triggerCompletion(server);
    assert.equal(opened(), 0);
    assert.equal(dialogs.shown[0], `RWKV Code: ${shown}`);
    assert.deepEqual(dialogs.changed, setting ? ["workbench.action.openSettings"] : []);
  });
}

test("without a model the user sees why, and can select another one", async () => {
  dialogs.reset("Select Model…");
  const errors: unknown[] = [];
  const run = () => triggerCompletion(serverIn({ problem: "model.json is missing" }).server);
  await reportingFailure(run, (error) => errors.push(error));
  assert.equal(errors.length, 1);
  assert.deepEqual(dialogs.shown, ["RWKV Code: model.json is missing"]);
  assert.deepEqual(dialogs.changed, ["rwkvCode.selectModel"]);
});
