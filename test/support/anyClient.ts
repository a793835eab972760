import assert from "node:assert/strict";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./paths.js";
import type { RawMessage } from "./messageClient.js";
import { RawClient } from "./rawClient.js";

/** Helpers to test the language server with clients other than the extension. */

export const folder = pathToFileURL(path.join(root, "project")).href;
export const uriOf = (name: string): string => `${folder}/${name}`;
export const code = "for (let i = 0; i < items.";
export const inlineCompletion = { textDocument: { inlineCompletion: {} } };

export interface ClientStart {
  readonly options?: unknown;
  readonly capabilities?: Readonly<Record<string, unknown>>;
  readonly params?: Readonly<Record<string, unknown>>;
  /** The client's response to `workspace/configuration`. */
  readonly configuration?: () => unknown;
}

/** Runs `work` with a client of a new server, which must exit cleanly afterwards. */
export async function withClient(
  { options = {}, capabilities = inlineCompletion, params = {}, configuration }: ClientStart,
  work: (client: RawClient) => Promise<void>,
): Promise<void> {
  const client = new RawClient();
  client.onRequest = (method) => (method === "workspace/configuration" ? [configuration?.() ?? null] : null);
  try {
    const initializationOptions = { threads: 1, timeBudgetMs: 5000, ...(options as object) };
    await client.initialize({ initializationOptions, capabilities, ...params });
    await work(client);
    assert.equal(await client.shutDown(), 0);
    assert.equal(client.stderr, "");
  } finally {
    client.child.kill("SIGKILL");
  }
}

/** The received messages that have a certain method. */
export const receivedOf = (client: RawClient, method: string): RawMessage[] =>
  client.received.filter((one) => one["method"] === method);
export const shownMessages = (client: RawClient): string[] =>
  receivedOf(client, "window/showMessage").map(({ params }) => (params as { message: string }).message);
/** Number of completions offered at the end of a document that consists of `code`. */
export const itemsIn = async (client: RawClient, name: string): Promise<number> =>
  (await client.complete(uriOf(name), 0, code.length)).length;
