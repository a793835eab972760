import { active, dialogs, editorsByUri, folders, workspaceFiles } from "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import test, { beforeEach } from "node:test";
import { PendingAttachments } from "../../src/extension/chat/pendingAttachments.js";
import { FakeEditor } from "../support/fakeEditor.js";
import { FakeUri } from "../support/fakeUri.js";
import { storedAttachment } from "../support/storedAttachment.js";
import { inTemporaryFolder } from "../support/temporary.js";

beforeEach(() => {
  dialogs.reset();
  editorsByUri.clear();
  folders.length = 0;
  workspaceFiles.length = 0;
  active.editor = new FakeEditor("let «a»;", { name: "a.ts" });
});

/** Makes files openable. @param files the texts by path. */
function openable(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    editorsByUri.set(`file://${name}`, new FakeEditor(`║${text}`, { name: name.slice(1) }));
  }
}

interface StoredFile {
  text: string;
  /** Reading the file waits for this. */
  readonly isReadable?: Promise<unknown>;
}

/** @param file the stored attachments of the last session. @param isExcluded tells whether a path is excluded. */
function pending(file: StoredFile = { text: "" }, isExcluded: (path: string) => boolean = () => false) {
  const client = {
    documents: { blocker: () => undefined },
    countTokens: async (texts: string[]) => texts.map((text) => text.length),
  };
  const changes = { count: 0, isModelLoaded: true };
  const attachments = new PendingAttachments({
    client: {
      ...client,
      countTokens: async (texts: string[]) => (changes.isModelLoaded ? client.countTokens(texts) : texts.map(() => 0)),
    },
    settings: () => ({ isExcluded }),
    stored: {
      read: async () => {
        await file.isReadable;
        return file.text;
      },
      save: async (text: string) => {
        file.text = text;
      },
    },
    onChange: () => {
      changes.count++;
    },
  } as unknown as ConstructorParameters<typeof PendingAttachments>[0]); // only these members are used
  const labels = (): string[] => attachments.all.map(({ label }) => label);
  const attachUris = (...names: readonly string[]) =>
    attachments.received({ kind: "attachUris", uris: names.map((name) => `file://${name}`) });
  return { attachments, changes, labels, attachUris };
}

const said = (): string[] => dialogs.shown.map((line) => line.replace("RWKV Code: ", ""));

test("files, the editor's file and its selection are attached, with the tokens of each", async () => {
  openable({ "/b.ts": "let b;" });
  const { attachments, changes, attachUris } = pending();
  assert.equal(await attachUris("/b.ts"), true);
  assert.equal(await attachments.received({ kind: "attachFile" }), true);
  assert.equal(await attachments.received({ kind: "attachSelection" }), true);
  assert.deepEqual(
    attachments.all.map(({ label, kind, tokens }) => [label, kind, tokens]),
    [
      ["b.ts", "file", 6],
      ["a.ts", "file", 6],
      ["a.ts:1", "selection", 1],
    ],
  );
  assert.equal(changes.count, 6); // two for each: one when it is attached, one when its tokens are counted
  attachments.remove(attachments.all);
  assert.deepEqual(attachments.all, []);
});

/** Resolves once the last change of the attachments is stored. */
const written = (): Promise<void> => new Promise(setImmediate);

test("attachments that were not sent are restored in the next session as they were, and their tokens are counted", () =>
  inTemporaryFolder(async (folder) => {
    const name = path.join(folder, "a.ts");
    writeFileSync(name, "");
    active.editor = new FakeEditor("let «a»;", { name: name.slice(1) });
    const file = { text: "" };
    const before = pending(file);
    await before.attachments.received({ kind: "attachFile" });
    await before.attachments.received({ kind: "attachSelection" });
    await written();
    const after = pending(file);
    await after.attachments.restore();
    assert.deepEqual(after.labels(), ["a.ts", "a.ts:1"]);
    assert.equal(after.changes.count, 1);
    await written();
    assert.deepEqual(after.attachments.all, before.attachments.all);
    assert.equal(after.changes.count, 2);
  }));

test("a file attached before the last session's attachments are known is added to them, but not twice", () =>
  inTemporaryFolder(async (folder) => {
    const names = ["b.ts", "c.ts", "d.ts"].map((name) => path.join(folder, name));
    for (const name of names) writeFileSync(name, "");
    openable(Object.fromEntries(names.map((name) => [name, "let b;"])));
    const file = { text: "" };
    await pending(file).attachUris(...names.slice(0, 2));
    await written();
    let release: (value?: unknown) => void = () => undefined;
    const after = pending(Object.assign(file, { isReadable: new Promise((resolve) => (release = resolve)) }));
    const restored = after.attachments.restore();
    await after.attachUris(...names.slice(1));
    assert.deepEqual(after.labels(), ["c.ts", "d.ts"]);
    release();
    await restored;
    await written();
    assert.deepEqual(after.labels(), ["b.ts", "c.ts", "d.ts"]);
    const again = pending(file);
    await again.attachments.restore();
    assert.deepEqual(again.labels(), after.labels());
  }));

test("no more than 20 attachments are restored with those that were added", async () => {
  const names = Array.from({ length: 20 }, (_, i) => `untitled:///${i}.ts`);
  openable({ "/b.ts": "let b;" });
  const { attachments, labels, attachUris } = pending({ text: JSON.stringify(names.map((uri) => storedAttachment({ uri, label: uri }))) });
  const restored = attachments.restore();
  await attachUris("/b.ts");
  await restored;
  assert.deepEqual(labels(), [...names.slice(0, 19), "b.ts"]);
}); // prettier-ignore

test("attachments that were sent or removed are not restored", () =>
  inTemporaryFolder(async (folder) => {
    const name = path.join(folder, "b.ts");
    writeFileSync(name, "");
    openable({ [name]: "let b;" });
    const file = { text: "" };
    const restored = async (): Promise<number> => {
      await written();
      const { attachments } = pending(file);
      await attachments.restore();
      return attachments.all.length;
    };
    const { attachments, attachUris } = pending(file);
    await attachUris(name);
    assert.equal(await restored(), 1);
    await attachments.received({ kind: "detach", attachmentId: attachments.all[0]!.id });
    assert.equal(await restored(), 0);
    await attachUris(name);
    assert.equal(await restored(), 1);
    attachments.remove(attachments.all);
    assert.equal(await restored(), 0);
  }));

test("an attachment that is not restored does not stay stored", async () => {
  const [a, b] = ["a.ts", "b.ts"].map((label) => storedAttachment({ label, uri: `untitled:///${label}` }));
  const file = { text: JSON.stringify([a, b]) };
  await pending(file, (name) => name === "/b.ts").attachments.restore();
  await written();
  assert.deepEqual(JSON.parse(file.text), [a]);
});

test("without a model nothing changes when tokens are counted", async () => {
  const { attachments, changes } = pending();
  changes.isModelLoaded = false;
  await attachments.received({ kind: "attachFile" });
  assert.equal(changes.count, 1);
  await attachments.count();
  assert.equal(changes.count, 1);
});

test("the file that the user picks is attached", async () => {
  openable({ "/b.ts": "let b;" });
  workspaceFiles.push("/b.ts");
  const { attachments, labels } = pending();
  dialogs.answer = "$(file) b.ts";
  assert.equal(await attachments.received({ kind: "attach" }), true);
  assert.deepEqual(labels(), ["b.ts"]);
  dialogs.answer = "nothing";
  assert.equal(await attachments.received({ kind: "attach" }), false);
});

test("an attachment can be removed", async () => {
  openable({ "/b.ts": "b", "/c.ts": "c" });
  const { attachments, changes, labels, attachUris } = pending();
  await attachUris("/b.ts", "/c.ts");
  const before = changes.count;
  assert.equal(await attachments.received({ kind: "detach", attachmentId: attachments.all[0]!.id }), false);
  assert.deepEqual([labels(), changes.count], [["c.ts"], before + 1]);
});

test("a message takes 20 attachments, and no more are read", async () => {
  const names = Array.from({ length: 21 }, (_, i) => `/${i}.ts`);
  openable(Object.fromEntries(names.map((name) => [name, name])));
  const { labels, attachUris } = pending();
  assert.equal(await attachUris(...names, "/gone.ts"), true);
  assert.equal(labels().length, 20);
  assert.deepEqual(said(), ["A message takes at most 20 attachments."]);
  assert.equal(await attachUris("/20.ts"), false);
});

test("nothing is attached twice, but the same text of another file or place is", async () => {
  openable({ "/b.ts": "let a;", "/x/a.ts": "let a;" });
  const { labels, attachUris, attachments } = pending();
  await attachments.received({ kind: "attachFile" });
  assert.equal(await attachments.received({ kind: "attachFile" }), false);
  assert.deepEqual(said(), ["a.ts is attached already."]);
  await attachUris("/b.ts", "/x/a.ts");
  active.editor = new FakeEditor("let a; // changed║", { name: "a.ts" });
  await attachments.received({ kind: "attachFile" });
  active.editor = new FakeEditor("«a»a", { name: "a.ts" });
  await attachments.received({ kind: "attachSelection" });
  active.editor = new FakeEditor("\n«a»", { name: "a.ts" });
  await attachments.received({ kind: "attachSelection" });
  assert.deepEqual(labels(), ["a.ts", "b.ts", "a.ts", "a.ts", "a.ts:1", "a.ts:2"]);
  assert.equal(said().length, 1);
});

test("the user is told what cannot be attached, and the rest is attached", async () => {
  openable({ "/b.ts": "b" });
  const { labels, attachUris, attachments } = pending();
  assert.equal(await attachUris("/gone.png", "/b.ts"), true);
  active.editor = new FakeEditor("a║");
  assert.equal(await attachments.received({ kind: "attachSelection" }), false);
  assert.deepEqual(labels(), ["b.ts"]);
  assert.deepEqual(said(), ["gone.png cannot be attached: it is not a text file.", "Select something to attach"]);
});

test("each file that a message mentions is attached once", () =>
  inTemporaryFolder(async (folder) => {
    const [first, second] = [path.join(folder, "first"), path.join(folder, "second")];
    mkdirSync(path.join(first, "src"), { recursive: true });
    mkdirSync(second);
    writeFileSync(path.join(folder, "outside.ts"), "");
    writeFileSync(path.join(first, "b.ts"), "");
    writeFileSync(path.join(second, "c.ts"), "");
    folders.push(first, second);
    openable({
      [path.join(first, "b.ts")]: "b",
      [path.join(second, "c.ts")]: "c",
      [path.join(folder, "outside.ts")]: "d",
    });
    const { labels, attachments } = pending();
    for (let i = 0; i < 2; i++) {
      dialogs.reset();
      await attachments.addMentioned("@file and @selection, @b.ts, @c.ts; not @../outside.ts, @src/ or @gone.ts");
      assert.deepEqual(labels(), ["a.ts", "a.ts:1", "b.ts", "c.ts"]);
      const missing = ["../outside.ts", "src/", "gone.ts"];
      assert.deepEqual(said(), missing.map((name) => `The workspace has no file ${name}.`)); // prettier-ignore
    }
  }));

test("a file in a folder whose path ends with a slash is found", () =>
  inTemporaryFolder(async (folder) => {
    writeFileSync(path.join(folder, "b.ts"), "");
    folders.push(`${folder}/`);
    openable({ [path.join(folder, "b.ts")]: "b" });
    const { labels, attachments } = pending();
    await attachments.addMentioned("@b.ts");
    assert.deepEqual(labels(), ["b.ts"]);
    assert.equal(String(new FakeUri(path.join(folder, "b.ts"))), attachments.all[0]!.uri);
  }));
