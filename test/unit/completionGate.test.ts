import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import "../support/vscodeStandIn.js";
import type * as vscode from "vscode";
import { CancellationTokenSource } from "vscode-languageserver/node";
import { CompletionGate } from "../../src/extension/completionGate.js";
import type { Settings } from "../../src/extension/settings.js";
import { defaultSettings } from "../../src/shared/protocol.js";

interface Editor {
  readonly isOpen?: boolean;
  readonly isOn?: boolean;
  readonly isExcluded?: boolean;
  readonly isReady?: boolean;
  readonly automatic?: boolean;
  readonly delayMs?: number;
  /** The texts of the completions that a request returns. */
  readonly finds?: readonly string[];
}

/**
 * A gate in a simulated editor. `ask` requests a completion as the editor does. `done` records the requests sent and
 * completions counted; `notSent` the reasons for requests that were not sent.
 */
function gateOf({
  isOpen = true,
  isOn = true,
  isExcluded = false,
  isReady = true,
  automatic = true,
  delayMs = 0,
  finds = [],
}: Editor) {
  const done: string[] = [];
  const notSent: string[] = [];
  const gate = new CompletionGate({
    documents: {
      has: () => isOpen,
      blocker: () => (isExcluded ? "excluded" : undefined),
      ineligibility: () => (isExcluded ? "excluded" : isOn ? undefined : "languageOff"),
      isCompleted: () => isOpen && isOn && !isExcluded,
    },
    settings: () => ({ server: { ...defaultSettings, automatic }, delayMs }) as Settings, // only these members are used
    status: () => (isReady ? { kind: "reading", uri: "", fraction: 0 } : { kind: "loading", fraction: 0 }),
    outcomes: {
      notSent: (uri, reason) => {
        assert.equal(uri, "file:///a.ts");
        notSent.push(reason);
      },
      shown: (uri) => {
        done.push(`shown in ${uri}`);
      },
    },
    onCompletion: (_, answer) => {
      done.push("counted");
      return answer;
    },
  });
  const source = new CancellationTokenSource();
  const ask = (triggerKind: 0 | 1): unknown =>
    gate.provide(
      { uri: "file:///a.ts" } as unknown as vscode.TextDocument, // only the URI is used
      {} as unknown as vscode.Position,
      { triggerKind } as unknown as vscode.InlineCompletionContext,
      source.token,
      () => {
        done.push("asked");
        return finds as unknown as vscode.InlineCompletionItem[]; // only their number is used
      },
    );
  return { gate, done, notSent, source, ask };
}

const invoked = 0;
const automatic = 1;

test("in a document that is completed, the server is asked at once, automatically and by command", async () => {
  const { done, ask, gate } = gateOf({});
  await ask(automatic);
  assert.deepEqual(done, ["asked", "counted"]);
  assert.equal(gate.invocations, 0);
  await ask(invoked);
  assert.deepEqual(done, ["asked", "counted", "asked", "counted"]);
  assert.equal(gate.invocations, 1);
});

test("an automatic request tells that suggestions are no longer snoozed, an invoked one does not", async () => {
  const { gate, ask } = gateOf({ automatic: false });
  await gate.snooze.start();
  await ask(invoked);
  assert.equal(gate.snooze.mayLast, true);
  await ask(automatic);
  assert.equal(gate.snooze.mayLast, false);
});

test("with automatic off, only invoked requests reach the server", async () => {
  const { done, ask } = gateOf({ automatic: false });
  assert.deepEqual(await ask(automatic), []);
  assert.deepEqual(done, []);
  await ask(invoked);
  assert.deepEqual(done, ["asked", "counted"]);
});

test("in a disabled language, invoked requests are answered once the server has the document, and nothing is counted", async () => {
  const off = gateOf({ isOn: false });
  await off.ask(automatic);
  assert.deepEqual(off.done, []);
  await off.ask(invoked);
  assert.deepEqual(off.done, ["asked"]);
  const closed = gateOf({ isOn: false, isOpen: false });
  await closed.ask(invoked);
  assert.deepEqual(closed.done, []);
});

test("a request that finds a text counts as the last one that showed something, also in a disabled language", async () => {
  const { done, ask } = gateOf({ isOn: false, finds: ["a"] });
  await ask(invoked);
  assert.deepEqual(done, ["asked", "shown in file:///a.ts"]);
  const on = gateOf({ finds: ["a"] });
  await on.ask(automatic);
  assert.deepEqual(on.done, ["asked", "counted", "shown in file:///a.ts"]);
});

test("in an excluded document nothing is requested; while a model is loading, only invoked requests wait", async () => {
  const excluded = gateOf({ isExcluded: true });
  await excluded.ask(invoked);
  await excluded.ask(automatic);
  assert.deepEqual(excluded.done, []);
  const loading = gateOf({ isReady: false });
  await loading.ask(automatic);
  assert.deepEqual(loading.done, []);
  await loading.ask(invoked);
  assert.deepEqual(loading.done, ["asked", "counted"]);
});

function withClock(t: TestContext): (ms: number) => void {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  return (ms) => {
    t.mock.timers.tick(ms);
  };
}

test("with a delay the server is asked after a pause in typing; invoked requests do not wait", async (t) => {
  const tick = withClock(t);
  const { done, ask } = gateOf({ delayMs: 300 });
  const answer = ask(automatic);
  tick(299);
  assert.deepEqual(done, []);
  tick(1);
  await answer;
  assert.deepEqual(done, ["asked", "counted"]);
  await ask(invoked);
  assert.equal(done.length, 4);
});

test("the next keystroke ends the delay, and the server is not asked", async (t) => {
  const tick = withClock(t);
  const { done, ask, source } = gateOf({ delayMs: 300 });
  const answer = ask(automatic);
  tick(200);
  source.cancel();
  assert.deepEqual(await answer, []);
  tick(1000);
  assert.deepEqual(await ask(automatic), []); // its token is already cancelled
  assert.deepEqual(done, []);
});

test("each request that is not sent has one reason", async (t) => {
  const reasonsOf = async (editor: Editor, kind: 0 | 1): Promise<readonly string[]> => {
    const { ask, notSent } = gateOf(editor);
    await ask(kind);
    return notSent;
  };
  assert.deepEqual(await reasonsOf({}, automatic), []);
  assert.deepEqual(await reasonsOf({ automatic: false }, automatic), ["automaticOff"]);
  assert.deepEqual(await reasonsOf({ isOn: false }, automatic), ["languageOff"]);
  assert.deepEqual(await reasonsOf({ isExcluded: true }, automatic), ["excluded"]);
  assert.deepEqual(await reasonsOf({ isExcluded: true }, invoked), ["excluded"]);
  assert.deepEqual(await reasonsOf({ isOpen: false }, invoked), ["notOpen"]);
  assert.deepEqual(await reasonsOf({ isReady: false }, automatic), ["loading"]);
  withClock(t);
  const { ask, notSent, source } = gateOf({ delayMs: 300 });
  const answer = ask(automatic);
  source.cancel();
  await answer;
  assert.deepEqual(notSent, ["cancelled"]);
});
