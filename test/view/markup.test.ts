import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { ChatBrowser, type ChatPage } from "./chatPage.js";
import { message, state } from "./states.js";

let browser: ChatBrowser;
before(async () => {
  browser = await ChatBrowser.start();
});
after(() => browser.stop());

const shown = ".message.assistant .markdown";

async function show(text: string): Promise<ChatPage> {
  const chat = await browser.open();
  const messages = [message("u1", "user", text), message("m1", "assistant", text)];
  await chat.postMessage({ kind: "state", state: state({ messages }) });
  return chat;
}

const markup: Readonly<Record<string, string>> = {
  "**注意：**请先安装": "<strong>注意：</strong>请先安装",
  "**“引号”**后面": "<strong>“引号”</strong>后面",
  "见**“引号”**。": "见<strong>“引号”</strong>。",
  "**`npm i`**を実行": "<strong><code>npm i</code></strong>を実行",
  "**중요(!)**합니다": "<strong>중요(!)</strong>합니다",
  "**中文**和**中文**": "<strong>中文</strong>和<strong>中文</strong>",
  "中** a**": "中** a**",
  "2 ** 3，** 4": "2 ** 3，** 4",
  "**x:**y": "**x:**y", // as CommonMark has it where words have spaces
};
for (const [text, html] of Object.entries(markup)) {
  test(`marks beside letters that are written without spaces: ${text}`, async () => {
    const chat = await show(text);
    assert.equal(await chat.page.locator(`${shown} p`).evaluate((node) => node.innerHTML), html);
    await chat.close();
  });
}

test("a link ends before the punctuation of Chinese and Japanese", async () => {
  const chat = await show("参见https://example.org/a。然后（https://example.org/b）、https://example.org/c?d=1.");
  assert.deepEqual(await chat.page.getByRole("link").allInnerTexts(), [
    "https://example.org/a",
    "https://example.org/b",
    "https://example.org/c?d=1",
  ]);
  await chat.close();
});

test("a text that is written from the right begins at the right, one beside it at the left", async () => {
  const chat = await show("שלום עולם");
  const isAtRight = (selector: string): Promise<boolean> =>
    chat.page.locator(selector).evaluate((node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      const [line] = range.getClientRects();
      const box = node.getBoundingClientRect();
      return line !== undefined && box.right - line.right < line.left - box.left;
    });
  assert.equal(await isAtRight(`${shown} p`), true);
  const answer = message("m1", "assistant", "Hello\n\nשלום");
  await chat.postMessage({ kind: "state", state: state({ messages: [answer] }) });
  assert.equal(await isAtRight(`${shown} p >> nth=0`), false);
  assert.equal(await isAtRight(`${shown} p >> nth=1`), true);
  await chat.close();
});

test("tasks have their boxes, in lists with blank lines as well", async () => {
  const chat = await show("- [ ] one\n\n- [x] two\n\n  more");
  assert.deepEqual(await chat.page.locator(`${shown} li`).allInnerTexts(), ["☐ one", "☑ two\n\nmore"]);
  await chat.close();
});
