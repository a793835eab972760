import assert from "node:assert/strict";
import test from "node:test";
import type { ServerStatistics } from "../../src/shared/protocol.js";
import { uriOf, withClient } from "../support/anyClient.js";
import type { RawClient } from "../support/rawClient.js";

const notebook = "file:///work/a.ipynb";
const cell = (name: string): string => `vscode-notebook-cell:/work/a.ipynb#${name}`;
const sum = Array.from({ length: 30 }, (_, i) => `total_of_items = total_of_items + price_of_item${i}`).join("\n");

async function tokensOf(client: RawClient, uri: string): Promise<number> {
  const { documents } = (await client.request("rwkv/statistics"))["result"] as ServerStatistics;
  return documents.find((document) => document.uri === uri)!.tokens;
}

/** More tokens than a short cell has on its own: its header and its text, without the cells above. */
const ownTokens = 40;

test("the cells of the same language above a cell are read before it, with the text that they have at that time", () =>
  withClient({ options: { confidence: "always" } }, async (client) => {
    client.open(cell("1"), sum, "python");
    client.open(cell("sh"), sum, "shellscript");
    client.open(cell("2"), "", "python");
    client.open(cell("3"), "x = 1\ntotal_of_", "python");
    const focus = (name: string): void => {
      client.notify("textDocument/didFocus", { textDocument: { uri: cell(name) } });
    };
    const change = (name: string, version: number, text: string): void => {
      client.notify("textDocument/didChange", {
        textDocument: { uri: cell(name), version },
        contentChanges: [{ text }],
      });
    };
    const setCells = (...names: readonly string[]): void => {
      client.notify("rwkv/notebookCells", { notebook, cells: names.map(cell) });
    };
    await client.complete(cell("3"), 1, 9); // loads the model
    assert.ok((await tokensOf(client, cell("3"))) < ownTokens);

    setCells("1", "sh", "2", "3");
    focus("3");
    const withOne = await tokensOf(client, cell("3"));
    const whole = await tokensOf(client, cell("1"));
    assert.ok(Math.abs(withOne - whole) < ownTokens, `${withOne} tokens, ${whole} in the first cell`);
    // Positions count from the start of the cell, although the model has also read the cells above.
    assert.match((await client.complete(cell("3"), 1, 9)).join(), /^items/);

    change("1", 2, "y = 2");
    assert.equal(await tokensOf(client, cell("3")), withOne); // the cell has not been used since the change
    await client.complete(cell("3"), 1, 9); // a request updates the cell, even without a change of focus
    assert.ok((await tokensOf(client, cell("3"))) < ownTokens);

    change("2", 2, sum);
    change("3", 2, "x = 1");
    assert.ok((await tokensOf(client, cell("3"))) > whole - ownTokens);
    setCells("1", "3", "2"); // moves cell 2 below cell 3, which has the focus
    assert.ok((await tokensOf(client, cell("3"))) < ownTokens);
    focus("2");
    const moved = await tokensOf(client, cell("2"));
    setCells(); // as when the notebook is closed
    focus("2");
    assert.equal(await tokensOf(client, cell("2")), moved); // the cell stays open until it is closed as a document
  }));

test("a cell is opened in a model that is loaded later, with the cells above it", () =>
  withClient({}, async (client) => {
    client.notify("rwkv/notebookCells", { notebook, cells: [cell("1"), cell("2")] });
    client.open(cell("2"), "total_of_", "python");
    client.open(cell("1"), sum, "python");
    await client.complete(cell("2"), 0, 9);
    assert.ok((await tokensOf(client, cell("2"))) > (await tokensOf(client, cell("1"))) - ownTokens);
  }));

test("an excluded document that a client lists as a cell is not read, even if it is excluded later", () =>
  withClient({ options: { exclude: ["**/*.env"] } }, async (client) => {
    const [secret, first, last] = ["prod.env", "first.py", "last.py"].map(uriOf) as [string, string, string];
    for (const uri of [secret, first]) client.open(uri, sum, "python");
    client.open(last, "x = 1", "python");
    const focus = (uri: string): void => {
      client.notify("textDocument/didFocus", { textDocument: { uri } });
    };
    const setCells = (...cells: readonly string[]): void => {
      client.notify("rwkv/notebookCells", { notebook, cells });
    };
    const exclude = (...globs: readonly string[]): void => {
      client.notify("workspace/didChangeConfiguration", { settings: { rwkvCode: { exclude: globs } } });
    };
    await client.complete(last, 0, 5); // loads the model
    setCells(secret, last);
    focus(last);
    assert.ok((await tokensOf(client, last)) < ownTokens);

    setCells(secret, first, last);
    focus(last);
    const whole = await tokensOf(client, first);
    const isOneRead = async (): Promise<boolean> => Math.abs((await tokensOf(client, last)) - whole) < ownTokens;
    assert.ok(await isOneRead());
    exclude("**/*.env", "**/first.py");
    assert.ok((await tokensOf(client, last)) < ownTokens, "excluded later, without another use");
    exclude("**/*.env");
    assert.ok(await isOneRead(), "allowed again");
    setCells(); // the documents stay open
    exclude("**/*.env", "**/first.py");
    assert.ok((await tokensOf(client, last)) < ownTokens, "excluded after the notebook was closed");
  }));
