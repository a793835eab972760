import assert from "node:assert/strict";
import test from "node:test";
import { FakeModel } from "../support/fakeModel.js";
import { triggers } from "../../src/server/completionList.js";
import { resultOf, ServedClient } from "../support/servedClient.js";
import { code, folder, started, uriOf } from "../support/startedServer.js";

const canBeAsked = { workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } } };

const problems = (client: ServedClient): string[] =>
  client.sent("window/showMessage").map((params) => (params as { message: string }).message);

test("the documents that the settings allow are open for the model, and each change of the settings applies to all", async () => {
  const { client, names, ready } = await started({ settings: { exclude: ["**/b.ts"], maxLines: 3 } });
  for (const name of ["a.ts", "b.ts"]) client.open(uriOf(name), code);
  client.open(uriOf("c.ts"), "\n\n\n");
  client.open(uriOf("d.md"), code, "markdown");
  await ready();
  assert.deepEqual(await names(), ["a.ts"]);
  client.notify("workspace/didChangeConfiguration", {
    settings: { rwkvCode: { maxLines: 4, enable: { markdown: true } } },
  });
  assert.deepEqual(await names(), ["a.ts", "c.ts", "d.md"]);
  client.notify("rwkv/settings", { exclude: ["src/**"] });
  assert.deepEqual(await names(), ["a.ts", "b.ts"]);
  client.open(uriOf("src/e.ts"), code);
  client.notify("rwkv/settings", { exclude: ["e.ts"] });
  assert.deepEqual(await names(), ["a.ts", "b.ts", "e.ts"]);
  client.notify("workspace/didChangeWorkspaceFolders", {
    event: { added: [{ uri: uriOf("src"), name: "src" }], removed: [{ uri: folder, name: "a" }] },
  });
  assert.deepEqual(await names(), ["a.ts", "b.ts"]);
  client.notify("textDocument/didClose", { textDocument: { uri: uriOf("b.ts") } });
  assert.deepEqual(await names(), ["a.ts"]);
});

test("the model is loaded when a document needs it, with the settings, and again only if one changes that it depends on", async () => {
  const { client, loads, ready } = await started({ settings: { model: "/a", threads: 3 } });
  client.open(uriOf("note.md"), code, "markdown");
  await client.statisticsNow();
  assert.equal(loads.length, 0);
  client.open(uriOf("a.ts"), code);
  await ready();
  assert.deepEqual(
    loads.map(({ modelPath, threads }) => [modelPath, threads]),
    [["/a", 3]],
  );
  client.notify("rwkv/settings", { model: "/a", threads: 3, confidence: "eager", idleUnloadMinutes: 3 });
  await ready();
  assert.equal(loads.length, 1);
  for (const [settings, expected] of [
    [{ model: "/b", threads: 3 }, ["/b", 3, 256, "auto"]],
    [{ model: "/b" }, ["/b", 3, 256, "auto"]],
    [{ model: "/b", threads: 2, checkpointMemoryMB: 32 }, ["/b", 2, 32, "auto"]],
    [{ model: "/b", threads: 2, checkpointMemoryMB: 32, engine: "native" }, ["/b", 2, 32, "native"]],
  ] as const) {
    client.notify("rwkv/settings", settings);
    await ready();
    const { modelPath, threads, checkpointMemoryMB, engine } = loads.at(-1)!;
    assert.deepEqual([modelPath, threads, checkpointMemoryMB, engine], expected);
  }
  assert.equal(loads.length, 4);
});

test(
  "a client that can be asked for its settings is asked before anything is read, and again after each change",
  { timeout: 60_000 },
  async () => {
    let answer: unknown = { exclude: ["**/a.ts"], model: "/asked" };
    const client = new ServedClient(async ({ modelPath }) => Object.assign(new FakeModel(), { name: modelPath }));
    client.onRequest = (method) => (method === "workspace/configuration" ? [answer] : null);
    await client.initialize({
      processId: null,
      capabilities: canBeAsked,
      initializationOptions: { statusNotifications: true },
    });
    for (const name of ["a.ts", "b.ts"]) client.open(uriOf(name), code);
    const open = async () => (await client.statisticsNow()).documents.map(({ uri }) => uri);
    const { model } = resultOf(await client.request("rwkv/model")) as { model: string };
    assert.deepEqual([model, await open()], ["/asked", [uriOf("b.ts")]]);
    assert.deepEqual(client.sent("workspace/configuration"), [{ items: [{ section: "rwkvCode" }] }]);
    assert.deepEqual(
      (
        client.sent("client/registerCapability") as readonly {
          registrations: readonly { method: string; registerOptions: unknown }[];
        }[]
      ).flatMap(({ registrations }) => registrations.map(({ method, registerOptions }) => [method, registerOptions])),
      [["workspace/didChangeConfiguration", { section: "rwkvCode" }]],
    );
    answer = { exclude: ["**/b.ts"], model: "/asked" };
    client.received.length = 0;
    // The server takes this only as a signal to ask for the settings.
    client.notify("workspace/didChangeConfiguration", { settings: { exclude: ["**/*"] } });
    await client.waitFor(({ method }) => method === "workspace/configuration");
    while ((await open()).includes(uriOf("b.ts"))) await new Promise(setImmediate);
    assert.deepEqual(await open(), [uriOf("a.ts")]);
  },
);

test("the server says what it can do, and offers completion lists only to a client that asks for them", async () => {
  for (const completionProvider of [false, true]) {
    const client = new ServedClient(async () => new FakeModel());
    const result = resultOf(
      await client.initialize({ processId: null, initializationOptions: { completionProvider } }),
    );
    assert.deepEqual(result, {
      serverInfo: { name: "rwkv-code", version: "1.2.3" },
      capabilities: {
        positionEncoding: "utf-16",
        textDocumentSync: { openClose: true, change: 2, save: true },
        inlineCompletionProvider: true,
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
        ...(completionProvider && { completionProvider: { triggerCharacters: triggers } }),
      },
    });
  }
});

test("a client that does not ask for notifications gets none of them, and statistics count all the same", async () => {
  const { client, ready } = await started({
    settings: { statusNotifications: false, nothingShownNotifications: false, idleUnloadMinutes: 1e-4 },
  });
  await ready();
  await client.complete(uriOf("none.ts"), 0, 0);
  const alive = setInterval(() => undefined, 1000); // keeps the process alive, which the idle timer does not
  while ((await client.statisticsNow()).model !== "") await new Promise(setImmediate);
  clearInterval(alive);
  assert.deepEqual((await client.statisticsNow()).nothingShown, { notOpen: 1 });
  const own = client.received.filter(({ method }) => String(method).startsWith("rwkv/"));
  assert.deepEqual(own, []);
});

test("nothing is loaded or read before a client has answered; if it reports an error, its first settings apply", async () => {
  let loads = 0;
  const client = new ServedClient(async () => (loads++, new FakeModel()));
  client.onRequest = () => undefined;
  const capabilities = { workspace: { configuration: true } };
  await client.initialize({ processId: null, capabilities, initializationOptions: { exclude: ["**/a.ts"] } });
  const { id } = await client.waitFor(({ method }) => method === "workspace/configuration");
  for (const name of ["a.ts", "b.ts"]) client.open(uriOf(name), code);
  const waiting = client.ask("rwkv/model");
  await client.statisticsNow();
  assert.equal(loads, 0);
  client.send({ jsonrpc: "2.0", id, error: { code: 1, message: "no" } });
  resultOf(await client.answerTo(waiting));
  const { documents } = await client.statisticsNow();
  assert.deepEqual(
    documents.map(({ uri }) => uri),
    [uriOf("b.ts")],
  );
});

test("a client that can watch files is asked to watch those that are indexed, and another one is not", async () => {
  for (const dynamicRegistration of [true, false]) {
    const { client } = await started({
      capabilities: { workspace: { didChangeWatchedFiles: { dynamicRegistration } } },
    });
    await client.statisticsNow();
    const asked = client.sent("client/registerCapability") as readonly {
      registrations: readonly { method: string; registerOptions: { watchers: readonly { globPattern: string }[] } }[];
    }[];
    const watched = asked.flatMap(({ registrations }) => registrations);
    assert.deepEqual(
      watched.map(({ method }) => method),
      dynamicRegistration ? ["workspace/didChangeWatchedFiles"] : [],
    );
    const globs = watched.flatMap(({ registerOptions }) =>
      registerOptions.watchers.map(({ globPattern }) => globPattern),
    );
    assert.equal(globs.includes("**/.gitignore"), dynamicRegistration);
  }
});

test("a note about an unusable file of a model is shown once, and the log names the model and its engine", async () => {
  const notes = ["calibration.json is ignored"];
  const client = await ServedClient.start({ load: async () => Object.assign(new FakeModel(), { notes }) });
  for (const threads of [1, 2]) {
    client.notify("rwkv/settings", { threads });
    resultOf(await client.request("rwkv/model"));
  }
  assert.deepEqual(problems(client), ["RWKV Code: calibration.json is ignored"]);
  const line = { type: 3, message: "fake: none, runs of 64 tokens" };
  assert.deepEqual(client.sent("window/logMessage"), [line, line]);
});

test("a wrong setting is reported once, however often it is sent", async () => {
  const { client } = await started({ settings: { threads: "many", exclude: ["a[".padEnd(80, "b")] } });
  await client.statisticsNow();
  const [first, second] = problems(client);
  assert.match(first!, /rwkvCode\.threads must be/);
  assert.match(second!, /The glob a\[b{58}… of the setting rwkvCode\.exclude is ignored/);
  client.notify("rwkv/settings", { threads: "many", confidence: "high" });
  await client.statisticsNow();
  assert.equal(problems(client).length, 3);
  assert.match(problems(client)[2]!, /rwkvCode\.confidence must be one of/);
});
