import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { ChatBrowser, type ChatPage } from "./chatPage.js";
import { message, state } from "./states.js";

let browser: ChatBrowser;
before(async () => {
  browser = await ChatBrowser.start();
});
after(() => browser.stop());

const messages = [message("u1", "user", "Sort them."), message("m1", "assistant", "```ts\nsort();\n```")];

async function open(more: Parameters<typeof state>[0] = {}): Promise<ChatPage> {
  const chat = await browser.open();
  await chat.postMessage({ kind: "state", state: state({ messages, ...more }) });
  await chat.posted();
  return chat;
}

async function press({ page }: ChatPage, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

function box({ page }: ChatPage): ReturnType<typeof page.getByRole> {
  return page.getByRole("textbox", { name: "Message" });
}

test("Enter sends, Shift+Enter starts a new line, and an empty message is not sent", async () => {
  const chat = await open();
  await box(chat).focus();
  await press(chat, "Enter", "a", "Shift+Enter", "b", "Enter");
  assert.deepEqual(await chat.posted(), [{ kind: "send", text: "a\nb" }]);
  assert.equal(await box(chat).inputValue(), "");
  await chat.close();
});

test("Enter that ends an input method's composition does not send", async () => {
  const chat = await open();
  await box(chat).fill("かな");
  await box(chat).dispatchEvent("keydown", { key: "Enter", isComposing: true });
  assert.deepEqual(await chat.posted(), []);
  await chat.close();
});

test("while a reply is written, Enter keeps the text and Escape stops", async () => {
  const chat = await open({ writing: "m1" });
  await box(chat).fill("next");
  await press(chat, "Enter", "Escape");
  assert.deepEqual(await chat.posted(), [{ kind: "stop" }]);
  assert.equal(await box(chat).inputValue(), "next");
  await chat.postMessage({ kind: "state", state: state({ messages }) });
  await press(chat, "Escape");
  assert.deepEqual(await chat.posted(), []);
  await chat.close();
});

test("@file and @selection attach instead of remaining in the text", async () => {
  const chat = await open();
  await box(chat).focus();
  await chat.page.keyboard.type("see @file and me@file @selection");
  await press(chat, "Enter");
  // An `@` at the start of a word also makes the view ask for a list of attachments. That message does not matter here.
  const posted = (await chat.posted()).filter(({ kind }) => kind !== "attach");
  assert.deepEqual(posted, [{ kind: "attachFile" }, { kind: "attachSelection" }]);
  assert.equal(await box(chat).inputValue(), "see and me@file ");
  await chat.close();
});

test("Enter saves an edited message; Escape cancels the edit and stops nothing", async () => {
  const chat = await open({ writing: "m1" });
  const edit = chat.page.getByRole("button", { name: "Edit", exact: true });
  await edit.focus();
  await press(chat, "Enter", "End", "!", "Escape");
  assert.deepEqual(await chat.posted(), []);
  assert.ok(await edit.evaluate((node) => node === document.activeElement));
  await press(chat, "Enter", "End", "!");
  await chat.postMessage({ kind: "state", state: state({ messages, writing: "m1" }) }); // an edit survives a new state
  await press(chat, "?", "Enter");
  assert.deepEqual(await chat.posted(), [{ kind: "edit", messageId: "u1", text: "Sort them.!?" }]);
  await chat.close();
});

test("Tab goes through the view from top to bottom", async () => {
  const chat = await open();
  await box(chat).fill("x");
  await chat.page.getByRole("combobox").focus();
  const names = [];
  for (let step = 0; step < 20; step++) {
    names.push(
      await chat.page.evaluate(() => {
        const { activeElement } = document;
        return activeElement?.getAttribute("aria-label") ?? activeElement?.textContent ?? activeElement?.tagName;
      }),
    );
    await press(chat, "Tab");
  }
  assert.deepEqual(names, [
    "Conversation",
    "Search Conversations",
    "Export as Markdown",
    "New Conversation",
    "Delete Conversation",
    "Messages", // focusable, because it scrolls
    "Copy Message",
    "Edit",
    "Delete",
    "Copy",
    "Insert at Cursor",
    "Apply in Editor",
    "New File",
    "Code",
    "Copy Message",
    "Regenerate",
    "Delete",
    "Message",
    "Attach…",
    "Attach Selection",
  ]);
  await chat.close();
});

test("focus survives a new state; if its element is gone, the input box has it", async () => {
  const chat = await open();
  const regenerate = chat.page.getByRole("button", { name: "Regenerate" });
  await regenerate.focus();
  await chat.postMessage({ kind: "state", state: state({ messages, cost: undefined }) });
  assert.ok(await regenerate.evaluate((node) => node === document.activeElement));
  await chat.postMessage({ kind: "state", state: state({ messages: messages.slice(0, 1) }) });
  assert.ok(await box(chat).evaluate((node) => node === document.activeElement));
  await chat.close();
});
