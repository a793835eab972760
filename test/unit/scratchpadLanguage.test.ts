import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { active, defaults, dialogs, editorDocuments } from "../support/vscodeStandIn.js";
import { Conversation } from "../../src/extension/chat/conversation.js";
import { ScratchpadLanguage } from "../../src/extension/chat/scratchpadLanguage.js";

/** Completions are off for Markdown because of a default, and for Ruby because of the user's setting. */
const language = new ScratchpadLanguage({
  ineligibility: ({ languageId }) =>
    languageId === "log" ? "notEditable" : ["markdown", "ruby"].includes(languageId) ? "languageOff" : undefined,
});
defaults.set("enable", { "*": true, markdown: false });

function conversation(isBegun = false): Conversation {
  const node = { id: "1", role: "user", parent: undefined, text: "a", attachments: [] } as const;
  return new Conversation({ id: "c", languageId: "", changed: 0, nodes: isBegun ? [node] : [], shown: {} });
}

/** The language of a conversation after an editor with a document in `languageId` got the focus. */
function after(followed: Conversation, languageId: string): string {
  active.languageId = languageId;
  language.follow(followed);
  return followed.languageId;
}

beforeEach(() => {
  editorDocuments.length = 0;
  dialogs.reset();
});

test("until it has begun, a scratchpad follows the language of the code in the editor", () => {
  const followed = conversation();
  assert.deepEqual([after(followed, "python"), after(followed, "rust")], ["python", "rust"]);
  assert.equal(after(followed, "ruby"), "ruby");
  assert.equal(after(conversation(true), "python"), "");
});

test("if the editor shows no code, the language is that of another open document, or TypeScript", () => {
  assert.deepEqual([after(conversation(), "markdown"), after(conversation(), "log")], ["typescript", "typescript"]);
  editorDocuments.push({ languageId: "markdown" }, { languageId: "go" });
  assert.equal(after(conversation(), "log"), "go");
});

test("a language that was picked stays, whatever the editor shows", async () => {
  const followed = conversation();
  after(followed, "rust");
  dialogs.reset("python");
  assert.equal(await language.pick(followed), true);
  assert.deepEqual(dialogs.shown, ["rust rust", "go go", "python python"]);
  assert.equal(after(followed, "rust"), "python");
  assert.equal(after(conversation(), "rust"), "rust");
});

test("the language of a conversation that has begun can be picked, too, and Escape changes nothing", async () => {
  const begun = conversation(true);
  dialogs.reset("go");
  await language.pick(begun);
  dialogs.reset("nothing of the list");
  assert.equal(await language.pick(begun), false);
  assert.equal(begun.languageId, "go");
});
