import assert from "node:assert/strict";
import test from "node:test";
import type { ServerStatistics } from "../../src/shared/protocol.js";
import { code, itemsIn, receivedOf, uriOf, withClient } from "../support/anyClient.js";
import type { RawClient } from "../support/rawClient.js";

const automatic = 2;

function askedAt(name: string, character: number, triggerKind: number) {
  return { textDocument: { uri: uriOf(name) }, position: { line: 0, character }, context: { triggerKind } };
}

async function countsOf(client: RawClient): Promise<ServerStatistics["nothingShown"]> {
  const { result } = await client.request("rwkv/statistics");
  return (result as ServerStatistics).nothingShown;
}

/** The params of all `rwkv/nothingShown` notifications that the client has received. */
const told = (client: RawClient): unknown[] => receivedOf(client, "rwkv/nothingShown").map(({ params }) => params);

test("each request that shows nothing has one reason: counted, and told to clients that asked", () =>
  withClient({ options: { nothingShownNotifications: true, exclude: ["**/b.ts"] } }, async (client) => {
    client.open(uriOf("note.md"), code, "markdown");
    client.open(uriOf("b.ts"), code);
    client.open(uriOf("a.ts"), `${code}here`);
    await client.complete(uriOf("c.ts"), 0, 0); // not open
    await client.complete(uriOf("note.md"), 0, code.length, automatic);
    await client.complete(uriOf("b.ts"), 0, code.length);
    assert.ok((await itemsIn(client, "a.ts")) > 0); // loads the model
    await client.complete(uriOf("a.ts"), 0, 3, automatic);
    assert.deepEqual(told(client), [
      { uri: uriOf("c.ts"), reason: "notOpen" },
      { uri: uriOf("note.md"), reason: "languageOff" },
      { uri: uriOf("b.ts"), reason: "excluded" },
      { uri: uriOf("a.ts"), reason: "midLine" },
    ]);
    assert.deepEqual(await countsOf(client), { notOpen: 1, languageOff: 1, excluded: 1, midLine: 1 });
  }));

test("a request that ends early has a reason too: outdated by another, by a change, or cancelled", () =>
  withClient({ options: { nothingShownNotifications: true } }, async (client) => {
    client.open(uriOf("a.ts"), code);
    // All three requests wait for the model, whose load the first one starts.
    const first = client.ask("textDocument/inlineCompletion", askedAt("a.ts", code.length, 1));
    const second = client.ask("textDocument/inlineCompletion", askedAt("a.ts", code.length, 1));
    client.notify("textDocument/didChange", {
      textDocument: { uri: uriOf("a.ts"), version: 2 },
      contentChanges: [{ text: "" }],
    });
    const third = client.ask("textDocument/inlineCompletion", askedAt("a.ts", 0, 1));
    client.notify("$/cancelRequest", { id: third });
    for (const id of [first, second, third]) await client.answerTo(id);
    const reasons = ["superseded", "textChanged", "cancelled"];
    assert.deepEqual(
      told(client),
      reasons.map((reason) => ({ uri: uriOf("a.ts"), reason })),
    );
  }));

test("while there is no model, and after it could not be loaded, that is the reason", () =>
  withClient({ options: { model: "nowhere/model" } }, async (client) => {
    client.open(uriOf("a.ts"), code);
    assert.equal(await itemsIn(client, "a.ts"), 0);
    await client.complete(uriOf("a.ts"), 0, code.length, automatic);
    assert.equal((await countsOf(client)).modelFailed, 2);
    assert.deepEqual(told(client), []); // the client did not ask for them
  }));
