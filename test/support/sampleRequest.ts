import assert from "node:assert/strict";
import { RawClient } from "./rawClient.js";

// The parts of a valid completion request. Protocol tests change one part at a time.
export const position = { line: 0, character: 0 };
export const context = { triggerKind: 1 };
export const uri = "file:///p/a.ts";
export const textDocument = { uri };
export const inline = "textDocument/inlineCompletion";

/** A client with a document open and the model loaded. */
export async function clientWithDocument(): Promise<RawClient> {
  const client = new RawClient();
  await client.initialize({ initializationOptions: { threads: 1, timeBudgetMs: 5000 } });
  client.open(uri, "export function add(a: number, b: number) {\n  return a + \n}\n");
  await client.complete(uri, 1, 13);
  return client;
}

/** Shuts the server down as the protocol requires, and checks that it printed no errors. */
export async function endQuietly(client: RawClient): Promise<void> {
  assert.equal(await client.shutDown(), 0);
  assert.equal(client.stderr, "");
}
