import assert from "node:assert/strict";
import test from "node:test";
import type { ServerStatistics } from "../../src/shared/protocol.js";
import { uriOf, withClient } from "../support/anyClient.js";
import type { RawClient } from "../support/rawClient.js";

const lines = Array.from({ length: 800 }, (_, i) => `export const value${i} = compute(${i}, "${i % 7}");`);
const [long, short] = [uriOf("long.ts"), uriOf("short.ts")];

async function tokensReadOf(client: RawClient, uri: string): Promise<{ readonly read: number; readonly all: number }> {
  const { documents } = (await client.request("rwkv/statistics"))["result"] as ServerStatistics;
  const { tokensRead, tokens } = documents.find((document) => document.uri === uri)!;
  return { read: tokensRead, all: 64 * Math.floor(tokens / 64) };
}

/** Completes on a line, and waits until background reading has read the whole document. */
async function readToEnd(client: RawClient, uri: string, line: number): Promise<void> {
  await client.complete(uri, line, 12);
  await whenRead(client, uri);
}

async function whenRead(client: RawClient, uri: string): Promise<void> {
  for (;;) {
    const { read, all } = await tokensReadOf(client, uri);
    if (read >= all) return;
  }
}

for (const backgroundReading of ["all", "nearCursor"]) {
  test(`backgroundReading ${backgroundReading}: how much of a long document is read ahead of requests`, () =>
    withClient({ options: { backgroundReading } }, async (client) => {
      client.open(long, lines.join("\n"));
      client.open(short, lines.slice(0, 20).join("\n"));
      client.notify("textDocument/didFocus", { textDocument: { uri: long } });
      await client.complete(long, 799, 12);
      assert.ok((await tokensReadOf(client, long)).all > 2 * 4096);
      if (backgroundReading === "all") return readToEnd(client, long, 799);
      // Once the whole short document is read, the server has had time to read the long one as well.
      client.notify("textDocument/didFocus", { textDocument: { uri: short } });
      await readToEnd(client, short, 19);
      assert.equal((await tokensReadOf(client, long)).read, 0);
      client.notify("workspace/didChangeConfiguration", { settings: { rwkvCode: { backgroundReading: "all" } } });
      await whenRead(client, long); // without another request
    }));
}
