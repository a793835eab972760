import assert from "node:assert/strict";
import test, { mock } from "node:test";
import type { Connection, InitializeParams } from "vscode-languageserver";
import { clientOf } from "../../src/server/client.js";
import { Configuration } from "../../src/server/configuration.js";

interface ClientKind {
  /** The client's responses to `workspace/configuration`, in order; undefined if the client does not support it. */
  readonly answers?: readonly unknown[];
  readonly canRegister?: boolean;
  readonly initial?: object;
}

/** The configuration of a server for a client of this kind, and records of what it showed, registered and changed. */
function configured({ answers, canRegister = false, initial = {} }: ClientKind) {
  const shown: string[] = [];
  const registered: unknown[] = [];
  const changes: (readonly [number, number])[] = [];
  const left = [...(answers ?? [])];
  const connection = {
    client: {
      register: async ({ method }: { readonly method: string }, options: object) => {
        registered.push(method, options);
        throw new Error("no");
      },
    },
    workspace: { getConfiguration: async (section: string) => (section === "rwkvCode" ? left.shift() : assert.fail()) },
    sendNotification: async (_: unknown, { message }: { readonly message: string }) => void shown.push(message),
  } as unknown as Connection; // only these members are used
  const configuration = new Configuration({
    connection,
    onChange: (settings, old) => changes.push([old.maxLines, settings.maxLines]),
  });
  const workspace = {
    configuration: answers !== undefined,
    didChangeConfiguration: { dynamicRegistration: canRegister },
  };
  const client = clientOf({ capabilities: { workspace } } as unknown as InitializeParams); // no other members are used
  configuration.initialize(client, initial);
  return { configuration, shown, registered, changes, maxLines: () => configuration.settings.maxLines };
}

test("settings are the last ones that arrived, then those of the initialization, then the defaults", async () => {
  const { configuration, changes, maxLines } = configured({ initial: { maxLines: 7, threads: 2 } });
  assert.deepEqual([maxLines(), configuration.settings.threads], [7, 2]);
  await configuration.initialized();
  configuration.sent({ maxLines: 8 });
  assert.deepEqual([maxLines(), configuration.settings.threads], [8, 2]);
  await configuration.changed({ maxLines: 9 });
  assert.equal(maxLines(), 9);
  await configuration.changed({});
  assert.deepEqual([maxLines(), configuration.settings.timeBudgetMs], [7, 300]);
  assert.deepEqual(changes, [[100_000, 7], [7, 8], [8, 9], [9, 7]]); // prettier-ignore
});

test("a client that can be asked is asked at the start and after each change, whatever it pushes", async () => {
  const { configuration, maxLines } = configured({
    answers: [{ maxLines: 8 }, { maxLines: 9 }],
    initial: { maxLines: 7 },
  });
  await configuration.initialized();
  assert.equal(maxLines(), 8);
  await configuration.changed({ maxLines: 5 });
  assert.equal(maxLines(), 9);
});

test("an answer that a later one has overtaken is ignored", async () => {
  let answerFirst: (value: unknown) => void = () => undefined;
  const first = new Promise((resolve) => (answerFirst = resolve));
  const { configuration, maxLines } = configured({ answers: [first, { maxLines: 9 }] });
  const start = configuration.initialized();
  await configuration.changed(undefined);
  answerFirst({ maxLines: 8 });
  await start;
  assert.equal(maxLines(), 9);
});

test("a client that fails, or does not answer within two seconds, keeps its settings", async () => {
  const never = new Promise(() => undefined);
  const failed = configured({ answers: [Promise.reject(new Error("no"))], initial: { maxLines: 7 } });
  await failed.configuration.initialized();
  assert.equal(failed.maxLines(), 7);
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const silent = configured({ answers: [never], initial: { maxLines: 7 } });
    let isOver = false;
    const start = silent.configuration.initialized().then(() => (isOver = true));
    mock.timers.tick(1_999);
    await new Promise(setImmediate);
    assert.equal(isOver, false);
    mock.timers.tick(1);
    await start;
    assert.equal(silent.maxLines(), 7);
  } finally {
    mock.timers.reset();
  }
});

test("the server registers for changes if the client offers it, and lives with a refusal", async () => {
  const { configuration, registered } = configured({ canRegister: true });
  await configuration.initialized();
  assert.deepEqual(registered, ["workspace/didChangeConfiguration", { section: "rwkvCode" }]);
  const other = configured({});
  await other.configuration.initialized();
  assert.deepEqual(other.registered, []);
});

test("problems are shown once the client accepts messages, each once, with long globs cut", async () => {
  const initial = { maxLines: "many", exclude: ["[a", `[${"b".repeat(100)}`] };
  const { configuration, shown } = configured({ initial });
  assert.deepEqual(shown, []);
  await configuration.initialized();
  configuration.sent(initial);
  assert.equal(shown.length, 3);
  assert.match(shown[0]!, /maxLines/);
  assert.match(shown[1]!, /^The glob \[a of the setting rwkvCode\.exclude is ignored: /);
  assert.match(shown[2]!, /^The glob \[b{59}… of the setting/);
});

test("the excluded files follow the settings", () => {
  const { configuration } = configured({ initial: { exclude: ["*.secret"] } });
  const isExcluded = (name: string): boolean => configuration.exclusion.isExcluded(`/w/${name}`, name);
  assert.deepEqual([isExcluded("a.secret"), isExcluded("a.ts")], [true, false]);
  configuration.sent({ exclude: ["*.ts"] });
  assert.deepEqual([isExcluded("a.secret"), isExcluded("a.ts")], [false, true]);
});
