import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { dialogs } from "../support/vscodeStandIn.js";
import { reportingFailure } from "../../src/extension/failure.js";
import type { CompletionClient } from "../../src/extension/completionClient.js";
import { triggerCompletion } from "../../src/extension/trigger.js";
import type { NothingShown } from "../../src/shared/nothingShown.js";
import type { Blocker } from "../../src/shared/eligibility.js";

beforeEach(() => {
  dialogs.reset();
});

interface Situation {
  readonly blocker?: Blocker;
  readonly isAsked?: boolean;
  readonly problem?: string;
  /** The reason why nothing is shown; undefined if something is shown. */
  readonly nothing?: NothingShown;
}

/** A server in the given situation. @param isAsked false if the editor requests no completion from it. */
function serverIn({ blocker, isAsked = true, problem, nothing }: Situation): {
  server: CompletionClient;
  outcomes: { lastIn: () => NothingShown | undefined };
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
      lastInvoked: Promise.resolve(nothing === undefined),
    },
  };
  // The server has all members that are used.
  return { server: server as unknown as CompletionClient, outcomes: { lastIn: () => nothing }, opened: () => opened };
}

test("the command opens the document in the server, whatever its language, and triggers the editor's request", async () => {
  const { server, outcomes, opened } = serverIn({});
  await triggerCompletion(server, outcomes);
  assert.equal(opened(), 1);
  assert.deepEqual(dialogs.changed, ["editor.action.inlineSuggest.trigger"]);
  assert.deepEqual(dialogs.shown, []);
});

test("an editor that makes no request is reported as read-only", async () => {
  const { server, outcomes } = serverIn({ isAsked: false });
  await triggerCompletion(server, outcomes);
  assert.deepEqual(dialogs.shown, ["RWKV Code: This editor does not show completions. It may be read-only."]);
});

test("if the request finds nothing to show, the user sees why", async () => {
  const { server, outcomes } = serverIn({ nothing: { reason: "repeatsBelow" } });
  await triggerCompletion(server, outcomes);
  assert.deepEqual(dialogs.shown, ["RWKV Code: No completion here: the text repeats the line below."]);
});

test("no message is shown for a request that the user's next keystroke cancelled", async () => {
  for (const reason of ["cancelled", "superseded", "textChanged"] as const) {
    const { server, outcomes } = serverIn({ nothing: { reason } });
    await triggerCompletion(server, outcomes);
  }
  assert.deepEqual(dialogs.shown, []);
});

for (const [blocker, shown, setting] of [
  ["excluded", "This file is excluded by the setting rwkvCode.exclude.", true],
  ["tooLarge", "This file is too large for completions.", true],
  ["notEditable", "This document cannot be edited.", false],
] as const) {
  test(`the user sees why nothing appears, and can open the responsible setting if there is one: ${blocker}`, async () => {
    dialogs.reset("Open Settings");
    const { server, outcomes, opened } = serverIn({ blocker });
    await triggerCompletion(server, outcomes);
    assert.equal(opened(), 0);
    assert.equal(dialogs.shown[0], `RWKV Code: ${shown}`);
    assert.deepEqual(dialogs.changed, setting ? ["workbench.action.openSettings"] : []);
  });
}

test("without a model the user sees why, and can select another one", async () => {
  dialogs.reset("Select Model…");
  const errors: unknown[] = [];
  const { server, outcomes } = serverIn({ problem: "model.json is missing" });
  const run = () => triggerCompletion(server, outcomes);
  await reportingFailure(run, (error) => errors.push(error));
  assert.equal(errors.length, 1);
  assert.deepEqual(dialogs.shown, ["RWKV Code: model.json is missing"]);
  assert.deepEqual(dialogs.changed, ["rwkvCode.selectModel"]);
});
