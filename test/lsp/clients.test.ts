import assert from "node:assert/strict";
import test from "node:test";
import { code, inlineCompletion, itemsIn, receivedOf, shownMessages, uriOf, withClient } from "../support/anyClient.js";
import type { RawMessage } from "../support/messageClient.js";

test("1: a client that did not ask for it gets no custom notification, and no progress that it cannot show", () =>
  withClient({}, async (client) => {
    client.open(uriOf("a.ts"), code);
    assert.ok((await itemsIn(client, "a.ts")) > 0);
    const methods = new Set(client.received.map(({ method }) => method));
    assert.deepEqual(
      [...methods].filter((one) => one !== undefined),
      ["window/logMessage"],
    );
  }));

test("1: a client that asked for it gets each kind of status, and few steps of a load", () =>
  withClient({ options: { statusNotifications: true } }, async (client) => {
    client.open(uriOf("a.ts"), code);
    await client.waitFor(
      ({ method, params }) => method === "rwkv/status" && (params as { kind: string }).kind === "ready",
    );
    assert.ok(receivedOf(client, "rwkv/status").length < 30, `${receivedOf(client, "rwkv/status").length}`);
  }));

test("1: loading and the first read are work-done progress for a client that can show it", () =>
  withClient({ capabilities: { ...inlineCompletion, window: { workDoneProgress: true } } }, async (client) => {
    client.open(uriOf("a.ts"), "export const value = compute(1, 2);\n".repeat(3000));
    const ends = (): number =>
      receivedOf(client, "$/progress").filter(
        ({ params }) => (params as { value: { kind: string } }).value.kind === "end",
      ).length;
    await client.waitFor(() => ends() === 2);
    const begun = receivedOf(client, "$/progress").map(
      ({ params }) => (params as { value: { title?: string } }).value.title,
    );
    assert.deepEqual(
      begun.filter((title) => title !== undefined),
      ["RWKV Code: loading the model", "RWKV Code: reading open files"],
    );
    assert.equal(receivedOf(client, "rwkv/status").length, 0);
  }));

test("3: a client with the draft's numbers gets one gated item for a keystroke, and others if it invokes", async () => {
  const withKinds = async (
    capabilities: Readonly<Record<string, unknown>>,
    kinds: readonly number[],
  ): Promise<number[]> => {
    const counts: number[] = [];
    await withClient({ capabilities, options: { confidence: "always" } }, async (client) => {
      client.open(uriOf("a.ts"), code);
      await client.complete(uriOf("a.ts"), 0, code.length, kinds[0]); // an invoked request waits for the model
      for (const kind of kinds) counts.push((await client.complete(uriOf("a.ts"), 0, code.length, kind)).length);
    });
    return counts;
  };
  const [invoked, automatic] = await withKinds({}, [0, 1]);
  assert.ok(invoked! > 1, `${invoked}`);
  assert.ok(automatic! <= 1, `${automatic}`);
  const [final] = await withKinds(inlineCompletion, [1, 2]);
  assert.ok(final! > 1, `${final}`);
});

test("3: trigger kind 1, which may mean invoked, waits for the model until a kind 0 shows that 1 means automatic", async () => {
  const first = async (kinds: readonly number[], settings: object = {}): Promise<number> => {
    let count = 0;
    await withClient({ capabilities: {}, options: { confidence: "always", ...settings } }, async (client) => {
      client.open(uriOf("a.ts"), code);
      const asked = kinds.map((kind) => client.complete(uriOf("a.ts"), 0, code.length, kind).catch(() => []));
      count = (await Promise.all(asked)).at(-1)?.length ?? 0;
    });
    return count;
  };
  assert.ok((await first([1])) > 0);
  assert.equal(await first([0, 1]), 0);
  assert.equal(
    await first([1], { enable: { typescript: false } }),
    0,
    "it may be automatic, and automatic completions are off",
  );
  assert.equal(await first([1], { automatic: false }), 0);
});

test("4: initializationOptions use the README's setting names, with or without the section", async () => {
  for (const options of [
    { exclude: ["**/a.ts"] },
    { rwkvCode: { exclude: ["**/a.ts"] } },
    { "rwkvCode.exclude": ["**/a.ts"] },
  ]) {
    await withClient({ options }, async (client) => {
      for (const name of ["a.ts", "b.ts"]) client.open(uriOf(name), code);
      assert.ok((await itemsIn(client, "b.ts")) > 0);
      assert.equal(await itemsIn(client, "a.ts"), 0);
    });
  }
});

test("4: a client that supports it is asked for its settings before anything is read, and after each change", async () => {
  let settings: unknown = { exclude: ["**/a.ts"], maxLines: 5 };
  const capabilities = { ...inlineCompletion, workspace: { configuration: true } };
  await withClient({ capabilities, configuration: () => settings }, async (client) => {
    for (const name of ["a.ts", "b.ts"]) client.open(uriOf(name), code);
    client.open(uriOf("c.ts"), `${code}\n`.repeat(9));
    assert.ok((await itemsIn(client, "b.ts")) > 0);
    assert.deepEqual((await client.statistics()).uris, [uriOf("b.ts")]);
    settings = { exclude: ["**/b.ts"] };
    client.notify("workspace/didChangeConfiguration", { settings: null });
    await client.waitFor(() => receivedOf(client, "workspace/configuration").length === 2);
    assert.ok((await itemsIn(client, "a.ts")) > 0);
    assert.equal(await itemsIn(client, "b.ts"), 0);
    assert.deepEqual((await client.statistics()).uris.toSorted(), [uriOf("a.ts"), uriOf("c.ts")]);
    settings = null;
    client.notify("workspace/didChangeConfiguration", { settings: null });
    await client.waitFor(() => receivedOf(client, "workspace/configuration").length === 3);
    assert.ok((await itemsIn(client, "b.ts")) > 0, "a setting that is no longer sent returns to its default");
  });
});

test("4: if a client does not respond, or responds with an error, its earlier settings apply", async () => {
  const capabilities = { ...inlineCompletion, workspace: { configuration: true } };
  for (const configuration of [() => undefined, () => "text", () => [5]]) {
    await withClient({ capabilities, configuration, options: { exclude: ["**/a.ts"] } }, async (client) => {
      for (const name of ["a.ts", "b.ts"]) client.open(uriOf(name), code);
      assert.ok((await itemsIn(client, "b.ts")) > 0);
      assert.equal(await itemsIn(client, "a.ts"), 0);
    });
  }
});

test("4: a client that cannot be asked sends its settings", () =>
  withClient({}, async (client) => {
    client.open(uriOf("a.ts"), code);
    assert.ok((await itemsIn(client, "a.ts")) > 0);
    client.notify("workspace/didChangeConfiguration", { settings: { rwkvCode: { exclude: ["**/*.ts"] } } });
    assert.equal(await itemsIn(client, "a.ts"), 0);
    client.notify("workspace/didChangeConfiguration", { settings: {} });
    assert.ok((await itemsIn(client, "a.ts")) > 0);
    client.notify("workspace/didChangeConfiguration", 5);
    client.notify("workspace/didChangeConfiguration");
    assert.ok((await itemsIn(client, "a.ts")) > 0);
  }));

test("4: a wrong value is reported once, with its setting and the allowed values", () =>
  withClient(
    {
      options: {
        confidence: "high",
        timeBudgetMs: "fast",
        maxLines: -5,
        threads: 1.5,
        engine: 1,
        model: {},
        enable: [],
        exclude: ["[", 5, "x".repeat(70_000)],
      },
    },
    async (client) => {
      client.open(uriOf("a.ts"), code);
      assert.ok((await itemsIn(client, "a.ts")) > 0, "the other lines are completed with the defaults");
      client.notify("workspace/didChangeConfiguration", { settings: { confidence: "high" } });
      await client.statistics();
      const messages = shownMessages(client);
      for (const expected of [
        /rwkvCode\.confidence must be one of "careful", "balanced", "eager", "always"; the value is ignored/,
        /rwkvCode\.timeBudgetMs must be a number from 50 to 10000/,
        /rwkvCode\.maxLines must be a whole number of at least 1; 1 is used/,
        /rwkvCode\.threads must be a whole number from 0 to 64; 2 is used/,
        /rwkvCode\.engine must be one of "auto", "native", "onnxruntime"/,
        /rwkvCode\.model must be the path/,
        /rwkvCode\.enable must be an object/,
        /rwkvCode\.exclude must be a list of globs; other entries are ignored/,
        /glob \[ of the setting rwkvCode\.exclude is ignored: a \[ has no \]/,
        /glob x{60}… of the setting rwkvCode\.exclude is ignored: it is longer than 512/,
      ]) {
        assert.equal(
          messages.filter((message) => expected.test(message)).length,
          1,
          `${expected} in ${messages.join("\n")}`,
        );
      }
      assert.ok(messages.every((message) => message.length < 250));
    },
  ));

test("5: a model that cannot be loaded is reported once", () =>
  withClient({ options: { model: "nowhere/model" } }, async (client) => {
    client.open(uriOf("a.ts"), code);
    assert.equal(await itemsIn(client, "a.ts"), 0);
    assert.equal(await itemsIn(client, "a.ts"), 0);
    client.open(uriOf("b.ts"), code);
    assert.equal(await itemsIn(client, "b.ts"), 0);
    assert.equal(shownMessages(client).length, 1);
    assert.match(shownMessages(client)[0] ?? "", /nowhere\/model.*give a model's folder/);
  }));

test("6: an invoked request waits for the model, at first and after it was unloaded; a keystroke gets nothing at once", () =>
  withClient({ options: { idleUnloadMinutes: 0.02, statusNotifications: true } }, async (client) => {
    client.open(uriOf("a.ts"), code);
    assert.deepEqual(await client.complete(uriOf("a.ts"), 0, code.length, 2), []);
    assert.ok((await itemsIn(client, "a.ts")) > 0);
    const isUnloaded = ({ method, params }: RawMessage): boolean =>
      method === "rwkv/status" && (params as { kind: string }).kind === "noModel";
    await client.waitFor(isUnloaded);
    assert.ok((await itemsIn(client, "a.ts")) > 0);
  }));

test("6: a request that waits for the model is outdated if the document changes in the meantime", () =>
  withClient({}, async (client) => {
    client.open(uriOf("a.ts"), code);
    const params = {
      textDocument: { uri: uriOf("a.ts") },
      position: { line: 0, character: code.length },
      context: { triggerKind: 1 },
    };
    const id = client.ask("textDocument/inlineCompletion", params);
    client.notify("textDocument/didChange", {
      textDocument: { uri: uriOf("a.ts"), version: 2 },
      contentChanges: [{ text: "" }],
    });
    const { error } = await client.answerTo(id);
    assert.equal((error as { code: number }).code, -32801);
  }));

test("9: an editor without inline completion gets the text as the only entry of a completion list, if it asks for that", async () => {
  const ask = { textDocument: { uri: uriOf("a.ts") }, position: { line: 1, character: 12 } };
  await withClient({}, async (client) => {
    client.open(uriOf("a.ts"), "const number = 5;\nconst text = String(num");
    assert.ok((await client.complete(uriOf("a.ts"), 1, 23)).length > 0);
  });
  await withClient({ options: { completionProvider: true, confidence: "always" } }, async (client) => {
    client.open(uriOf("a.ts"), "const number = 5;\nconst text = String(num");
    await client.complete(uriOf("a.ts"), 1, 23);
    const { result } = await client.request("textDocument/completion", {
      ...ask,
      position: { line: 1, character: 23 },
    });
    const { isIncomplete, items: list } = result as {
      isIncomplete: boolean;
      items: { label: string; filterText: string; textEdit: { range: unknown; newText: string } }[];
    };
    assert.equal(isIncomplete, true);
    assert.equal(list.length, 1);
    const [item] = list;
    assert.match(item!.textEdit.newText, /^num\S/);
    assert.equal(item!.filterText, item!.textEdit.newText);
    assert.deepEqual(item!.textEdit.range, { start: { line: 1, character: 20 }, end: { line: 1, character: 23 } });
    assert.ok(item!.label.length > 3);
  });
});

test("a script without capabilities gets the model's status at once, and may configure the server later", () =>
  withClient({ capabilities: {} }, async (client) => {
    client.open(uriOf("warm.txt"), "x");
    await client.waitFor(
      ({ method, params }) => method === "rwkv/status" && (params as { kind: string }).kind === "ready",
    );
    client.open(uriOf("a.ts"), code);
    assert.ok((await itemsIn(client, "a.ts")) > 0);
    client.notify("rwkv/settings", { exclude: ["**/a.ts"] });
    assert.equal(await itemsIn(client, "a.ts"), 0);
  }));
