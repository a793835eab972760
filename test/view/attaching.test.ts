import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { ChatBrowser } from "./chatPage.js";
import { state } from "./states.js";

let browser: ChatBrowser;
before(async () => {
  browser = await ChatBrowser.start();
});
after(() => browser.stop());

test("the host keeps the draft, and a new view shows it unless something was typed", async () => {
  const chat = await browser.open();
  const box = chat.page.getByRole("textbox", { name: "Message" });
  await box.fill("half a");
  assert.equal(await chat.draft(), "half a");
  await chat.postMessage({ kind: "draft", text: "of last time" });
  assert.equal(await box.inputValue(), "half a");
  await box.fill("");
  await chat.postMessage({ kind: "draft", text: "of last time" });
  assert.equal(await box.inputValue(), "of last time");
  await box.press("Enter");
  assert.equal(await chat.draft(), "");
  await chat.close();
});

test("@ at the start of a word opens the list of attachments and is removed when something was attached", async () => {
  const chat = await browser.open();
  await chat.postMessage({ kind: "state", state: state() });
  await chat.posted();
  const box = chat.page.getByRole("textbox", { name: "Message" });
  await box.pressSequentially("a@b ");
  assert.deepEqual(await chat.posted(), []);
  await box.pressSequentially("@");
  assert.deepEqual(await chat.posted(), [{ kind: "attach" }]);
  await chat.postMessage({ kind: "focus", isAttached: false });
  assert.equal(await box.inputValue(), "a@b @");
  await chat.postMessage({ kind: "focus", isAttached: true });
  assert.equal(await box.inputValue(), "a@b ");
  assert.ok(await box.evaluate((node) => node === document.activeElement));
  await chat.close();
});

test("files that are dropped on the input box are attached", async () => {
  const chat = await browser.open();
  await chat.postMessage({ kind: "state", state: state() });
  await chat.posted();
  await chat.page.locator(".composer").evaluate((composer) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.setData("text/uri-list", "# a comment\r\nfile:///w/a.ts\r\nfile:///w/b.ts");
    for (const type of ["dragover", "drop"]) {
      composer.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }
  });
  assert.deepEqual(await chat.posted(), [{ kind: "attachUris", uris: ["file:///w/a.ts", "file:///w/b.ts"] }]);
  await chat.close();
});

test("each attachment shows its number of tokens, and a large total gets a warning", async () => {
  const chat = await browser.open();
  const attachment = (id: string, tokens: number) => ({ id, kind: "file", label: `${id}.ts`, tokens }) as const;
  const limit = chat.page.locator(".limit");
  await chat.postMessage({
    kind: "state",
    state: state({ attachments: [attachment("a", 1), attachment("b", 8_191)] }),
  });
  assert.deepEqual(await chat.page.locator(".chip-size").allInnerTexts(), ["1 token", "8,191 tokens"]);
  assert.equal(await limit.isVisible(), false);
  await chat.postMessage({
    kind: "state",
    state: state({ attachments: [attachment("a", 2), attachment("b", 8_191)] }),
  });
  assert.match(await limit.innerText(), /^8,193 tokens in all/);
  await chat.close();
});
