import assert from "node:assert/strict";
import test from "node:test";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { InitializeParams } from "vscode-languageserver";
import type { EngineDocuments } from "../../src/core/engine/engineDocuments.js";
import { Admission } from "../../src/server/admission.js";
import { ClientSession } from "../../src/server/clientSession.js";
import { exclusionOf } from "../../src/shared/exclusion.js";
import { defaultSettings, type ServerSettings } from "../../src/shared/protocol.js";

interface Server {
  readonly isConfigured?: boolean;
  readonly hasModel?: boolean;
  /** If true, the client declares no capabilities, as a script does that waits for the model. */
  readonly awaitsModel?: boolean;
}

/** An `Admission`, settings that the test may change, and a log of what the admission did with documents. */
function server({ isConfigured = true, hasModel = true, awaitsModel = false }: Server = {}) {
  const events: string[] = [];
  const open = new Set<string>();
  const session = new ClientSession();
  const capabilities = awaitsModel ? {} : { textDocument: {} };
  const params = { capabilities, initializationOptions: {}, rootUri: "file:///w" };
  session.initialize(params as unknown as InitializeParams); // no other members are used
  if (isConfigured) session.settingsArrived();
  const settings: { -readonly [name in keyof ServerSettings]: ServerSettings[name] } = {
    ...defaultSettings,
    maxLines: 3,
  };
  const documents = {
    isOpen: (uri: string) => open.has(uri),
    open: ({ uri, headerPath }: { uri: string; headerPath: string }, text: string) => {
      open.add(uri);
      events.push(`opens ${headerPath}: ${text}`);
    },
    close: (uri: string) => {
      if (open.delete(uri)) events.push(`closes ${uri}`);
    },
  } as unknown as EngineDocuments; // only these members are used
  const admission = new Admission({
    session,
    configuration: () => ({ settings, exclusion: exclusionOf(settings.exclude) }),
    open: () => (hasModel ? documents : undefined),
    onOpened: (uri) => events.push(`opened ${uri}`),
    onWanted: () => events.push("wants a model"),
  });
  return { admission, events, settings, session };
}

const documentOf = (name: string, text = "a", languageId = "typescript"): TextDocument =>
  TextDocument.create(`file:///w/${name}`, languageId, 1, text);
const code = documentOf("a.ts");
const notes = documentOf("a.md", "a", "markdown");
const secret = documentOf(".env", "a", "dotenv");
const long = documentOf("long.ts", "\n\n\n");

test("a document of an enabled language is opened once, and asks for a model each time", () => {
  const { admission, events } = server();
  admission.admit(code);
  assert.deepEqual(events, ["wants a model", "opens a.ts: a", "opened file:///w/a.ts"]);
  admission.admit(code);
  assert.deepEqual(events.slice(3), ["wants a model"]);
});

for (const [claim, document, reason, blocker] of [
  ["in a language that is off", notes, "languageOff", undefined],
  ["that is excluded", secret, "excluded", "excluded"],
  ["that is too long", long, "tooLarge", "tooLarge"],
] as const) {
  test(`a document ${claim} is not opened and wants no model; asking for text in it: ${blocker ?? "opens it"}`, () => {
    const { admission, events } = server();
    admission.admit(document);
    assert.deepEqual([events, admission.whyNotAutomatic(document)], [[], reason]);
    assert.equal(admission.isBlocked(document), blocker !== undefined);
    assert.equal(admission.admitAsked(document), blocker);
    assert.equal(events.some((event) => event.startsWith("opens")), blocker === undefined); // prettier-ignore
  });
}

test("a document that was opened because the user asked stays open, until it is closed", () => {
  const { admission, events } = server();
  admission.admitAsked(notes);
  admission.admit(notes);
  assert.equal(events.filter((event) => event.startsWith("closes")).length, 0);
  admission.closed(notes.uri);
  admission.admit(notes);
  assert.equal(events.at(-1), `closes ${notes.uri}`);
});

test("asking for text in a document of an enabled language changes nothing", () => {
  const { admission, events } = server();
  assert.equal(admission.admitAsked(code), undefined);
  assert.deepEqual(events, []);
});

test("new settings close what they forbid, even if the user asked for text in it", () => {
  const { admission, events, settings } = server();
  admission.admit(code);
  admission.admitAsked(notes);
  Object.assign(settings, { exclude: ["*.md"], enable: { "*": false } });
  for (const document of [code, notes]) admission.admit(document);
  assert.deepEqual(events.filter((event) => event.startsWith("closes")), [`closes ${code.uri}`, `closes ${notes.uri}`]); // prettier-ignore
  assert.equal(admission.isExcluded(notes.uri), true);
  assert.equal(admission.isExcluded(code.uri), false);
});

test("automatic completions can be off while documents are read", () => {
  const { admission, settings } = server();
  assert.equal(admission.whyNotAutomatic(code), undefined);
  settings.automatic = false;
  assert.equal(admission.whyNotAutomatic(code), "automaticOff");
});

test("nothing is opened before the client's settings have arrived; without a model, a document only asks for one", () => {
  const early = server({ isConfigured: false });
  early.admission.admit(code);
  assert.deepEqual(early.events, []);
  const unloaded = server({ hasModel: false });
  unloaded.admission.admit(code);
  unloaded.admission.closed(code.uri);
  assert.deepEqual(unloaded.events, ["wants a model"]);
});

test("a script that waits for the model gets it with any document", () => {
  const { admission, events } = server({ awaitsModel: true });
  admission.admit(secret);
  assert.deepEqual(events, ["wants a model"]);
});

test("the folders of a workspace change, and with them the paths of its files", () => {
  const { admission, session, events } = server();
  session.foldersChanged({ added: [{ uri: "file:///v", name: "v" }], removed: [{ uri: "file:///w", name: "w" }] });
  assert.deepEqual(session.folders, ["file:///v"]);
  admission.admit(TextDocument.create("file:///v/src/deep/b.ts", "typescript", 1, ""));
  assert.equal(events[1], "opens deep/b.ts: ");
});
