import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import test, { describe } from "node:test";
import { promisify } from "node:util";
import { root } from "../support/paths.js";
import { codeOf } from "../support/messageClient.js";
import { RawClient } from "../support/rawClient.js";

const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };
const position = { line: 0, character: 0 };
const context = { triggerKind: 1 };
const uri = "file:///p/a.ts";
const textDocument = { uri };
const inline = "textDocument/inlineCompletion";

async function withClient(work: (client: RawClient) => Promise<void>, args?: readonly string[]): Promise<void> {
  const client = new RawClient(args);
  try {
    await work(client);
  } finally {
    client.child.kill("SIGKILL");
    await client.exited;
  }
}

describe("life", () => {
  const rows: Readonly<Record<string, (client: RawClient) => Promise<void>>> = {
    "initialize returns its name, version and capabilities": async (client) => {
      const { result } = await client.initialize();
      assert.deepEqual(result, {
        serverInfo: { name: "rwkv-code", version },
        capabilities: {
          positionEncoding: "utf-16",
          textDocumentSync: { openClose: true, change: 2, save: true },
          inlineCompletionProvider: true,
          workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
        },
      });
    },
    "a request before initialize is rejected": async (client) => {
      assert.equal(codeOf(await client.request(inline, { textDocument, position, context })), -32002);
      assert.equal(codeOf(await client.request("shutdown")), -32002);
      assert.equal(codeOf(await client.request("any/thing")), -32002);
    },
    "a notification before initialize is dropped, and nothing is sent": async (client) => {
      client.open(uri, "const a = 1;\n");
      client.notify("textDocument/didChange", 5);
      await client.request("shutdown");
      assert.equal(client.received.length, 1);
      await client.initialize();
      assert.deepEqual(await client.complete(uri, 0, 0), []);
    },
    "a second initialize is rejected": async (client) => {
      await client.initialize();
      assert.equal(codeOf(await client.request("initialize", { capabilities: {} })), -32600);
    },
    "initialize without capabilities is rejected, and can be repeated": async (client) => {
      assert.equal(codeOf(await client.request("initialize", {})), -32602);
      assert.equal(codeOf(await client.request("initialize", { capabilities: 5 })), -32602);
      assert.equal(codeOf(await client.initialize()), undefined);
    },
    "capabilities and options of any type are accepted": async (client) => {
      const answer = await client.initialize({
        capabilities: { workspace: 5, window: [], textDocument: { inlineCompletion: "x" }, general: null },
        initializationOptions: ["__proto__", 5],
        workspaceFolders: [5, null, { uri: 5 }, { uri: "file:///p", name: "p" }],
        rootUri: 5,
        trace: "verbose",
      });
      assert.equal(codeOf(answer), undefined);
    },
    "after shutdown, requests are rejected and notifications dropped": async (client) => {
      await client.initialize();
      await client.request("shutdown");
      assert.equal(codeOf(await client.request(inline, { textDocument, position, context })), -32600);
      assert.equal(codeOf(await client.request("shutdown")), -32600);
      client.open(uri, "x");
      client.notify("exit");
      assert.equal(await client.exited, 0);
    },
    "exit without shutdown gives exit code 1": async (client) => {
      await client.initialize();
      client.notify("exit");
      assert.equal(await client.exited, 1);
    },
    "exit before initialize gives exit code 1": async (client) => {
      client.notify("exit");
      assert.equal(await client.exited, 1);
    },
    "the end of its input gives exit code 1, or 0 after shutdown": async (client) => {
      await client.initialize();
      client.child.stdin?.end();
      assert.equal(await client.exited, 1);
      await withClient(async (other) => {
        await other.initialize();
        await other.request("shutdown");
        other.child.stdin?.end();
        assert.equal(await other.exited, 0);
      });
    },
    "if the client closes the output, the server exits without a message": async (client) => {
      await client.initialize();
      client.child.stdout?.destroy();
      for (let i = 0; i < 50 && !client.isGone; i++) client.ask("rwkv/statistics");
      assert.equal(await client.exited, 1);
      assert.equal(client.stderr, "");
    },
    "shutdown while the model is loading ends cleanly": async (client) => {
      await client.initialize();
      client.open(uri, "const a = ");
      assert.equal(await client.shutDown(), 0);
      assert.equal(client.stderr, "");
    },
  };
  for (const [name, run] of Object.entries(rows)) test(name, () => withClient(run));
});

describe("the command line", () => {
  const cli = path.join(root, "dist/cli.js");
  const run = (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, [cli, ...args], { timeout: 20_000 });

  for (const args of [
    ["serve"],
    ["serve", "--pipe=x"],
    ["serve", "--stdio", "--bogus"],
    ["serve", "--stdio", "x"],
    ["serve", "--stdio", "--clientProcessId=abc"],
    ["serve", `--clientProcessId=${process.pid}`],
    ["bogus", `--clientProcessId=${process.pid}`],
  ]) {
    test(`exits with 2 and prints the usage for ${args.join(" ").replace(String(process.pid), "PID")}`, async () => {
      await assert.rejects(run(...args), { code: 2, stderr: /rwkv-code/ });
    });
  }

  test("--version prints the version", async () => {
    assert.equal((await run("--version")).stdout, `${version}\n`);
  });

  for (const args of [[`--clientProcessId=${process.pid}`], ["--clientProcessId", String(process.pid)]]) {
    test(`serves with ${args.join(" ").replace(String(process.pid), "PID")}`, () =>
      withClient(
        async (client) => {
          await client.initialize();
          assert.equal(await client.shutDown(), 0);
        },
        ["serve", "--stdio", ...args],
      ));
  }

  test("ends when the client named on the command line is gone", async () => {
    const gone = new RawClient(["--version"]);
    await gone.exited;
    await withClient(
      async (client) => {
        assert.equal(await client.exited, 1);
      },
      ["serve", "--stdio", `--clientProcessId=${gone.child.pid}`],
    );
  });

  test("a malformed header ends it without quoting the input", () =>
    withClient(async (client) => {
      client.bytes("Content-Length: qz7Secret\r\n\r\n{}");
      assert.equal(await client.exited, 1);
      assert.match(client.stderr, /^rwkv-code: .*header.*\n$/);
      assert.doesNotMatch(client.stderr, /qz7/);
    }));
});
