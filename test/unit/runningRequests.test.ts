import assert from "node:assert/strict";
import { test } from "node:test";
import { CancellationTokenSource, LSPErrorCodes, ResponseError, type CancellationToken } from "vscode-languageserver";
import { RunningRequests } from "../../src/server/runningRequests.js";
import { Cancelled } from "../../src/shared/cancellation.js";

const uri = "file:///a.ts";

/** A task that never ends unless it is cancelled. */
function untilCancelled(token: CancellationToken): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => {
      reject(new Cancelled());
    };
    if (token.isCancellationRequested) end();
    else token.onCancellationRequested(end);
  });
}

test("a change of a document ends the requests that depend on it as outdated, and no other", async () => {
  const running = new RunningRequests();
  const client = new CancellationTokenSource().token;
  const outdated = running.run(client, untilCancelled, uri);
  const others = [running.run(client, untilCancelled, "file:///b.ts"), running.run(client, untilCancelled)];
  running.changed(uri);
  await assert.rejects(
    outdated,
    (error) => error instanceof ResponseError && error.code === LSPErrorCodes.ContentModified,
  );
  assert.equal(running.isBusy, true);
  running.cancelAll();
  for (const other of others) await assert.rejects(other, Cancelled);
  assert.equal(running.isBusy, false);
});

test("a request that the client cancels is cancelled, before it begins or later, and can be cancelled again", async () => {
  for (const isEarly of [true, false]) {
    const running = new RunningRequests();
    const client = new CancellationTokenSource();
    if (isEarly) client.cancel();
    const request = running.run(client.token, untilCancelled, uri);
    if (!isEarly) client.cancel();
    running.cancelAll();
    await assert.rejects(request, Cancelled);
  }
});
