import assert from "node:assert/strict";
import test from "node:test";
import { CancellationTokenSource } from "vscode-languageserver/node";
import { SerialQueue } from "../../src/shared/serialQueue.js";
import { Cancelled, neverCancelled } from "../../src/shared/cancellation.js";

test("a task that is cancelled while waiting ends at once, and the next one still waits for the running task", async () => {
  const queue = new SerialQueue();
  const order: string[] = [];
  let end = (): void => undefined;
  const first = queue.run(
    () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
    neverCancelled,
  );
  const { token, cancel } = boundSource();
  const waiting = queue.run(async () => void order.push("cancelled"), token);
  const next = queue.run(async () => void order.push("next"), neverCancelled);
  cancel();
  await assert.rejects(waiting, Cancelled); // rejected although the first task still runs
  assert.deepEqual(order, []);
  end();
  await Promise.all([first, next, queue.drained()]);
  assert.deepEqual(order, ["next"]);
});

test("a running task ends by itself when it is cancelled", async () => {
  const queue = new SerialQueue();
  const { token, cancel } = boundSource();
  const taken = queue.run(async () => {
    cancel();
    return 7;
  }, token);
  assert.equal(await taken, 7);
});

function boundSource(): { readonly token: CancellationTokenSource["token"]; readonly cancel: () => void } {
  const source = new CancellationTokenSource();
  return {
    token: source.token,
    cancel: () => {
      source.cancel();
    },
  };
}
