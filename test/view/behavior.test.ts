import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import type { ChatState, ToView } from "../../src/shared/chatMessages.js";
import { ChatBrowser, type ChatPage } from "./chatPage.js";
import { randomFrom } from "../support/random.js";
import { message, sampleReply, state } from "./states.js";

let browser: ChatBrowser;
before(async () => {
  browser = await ChatBrowser.start();
});
after(() => browser.stop());

const answer = ".message.assistant .markdown";
const ask = message("u1", "user", "Sort them.");

function replying(text: string, more: Partial<ChatState> = {}): ToView {
  return { kind: "state", state: state({ messages: [ask, message("m1", "assistant", text)], writing: "m1", ...more }) };
}

function answered(text: string): ToView {
  return replying(text, { writing: undefined });
}

function piece(text: string, thinking = ""): ToView {
  return { kind: "delta", messageId: "m1", text, thinking };
}

async function markup({ page }: ChatPage): Promise<string> {
  return page.locator(answer).evaluate((node) => node.innerHTML);
}

test("the view reports that it is ready, and shows the state it receives", async () => {
  const chat = await browser.open();
  assert.deepEqual(await chat.posted(), [{ kind: "ready" }]);
  await chat.postMessage(answered("It is **done**."));
  assert.equal(await chat.page.locator(".said").innerText(), "Sort them.");
  assert.equal(await chat.page.locator(`${answer} strong`).innerText(), "done");
  await chat.close();
});

test("a reply streamed in parts of any length looks as if it had arrived at once", async () => {
  const chat = await browser.open();
  await chat.postMessage(answered(sampleReply));
  const whole = await markup(chat);
  for (const length of [1, 7, 60]) {
    await chat.postMessage({ kind: "state", state: state() }, replying(""));
    for (let at = 0; at < sampleReply.length; at += length) {
      const told = piece(sampleReply.slice(at, at + length));
      // Now and then, a frame is painted, and a state arrives with the text so far.
      if (at % 5 === 0) await chat.postMessage(told);
      else await chat.page.evaluate((data) => window.dispatchEvent(new MessageEvent("message", { data })), told);
      if (at % 91 === 0) await chat.postMessage(replying(sampleReply.slice(0, at + length)));
    }
    await chat.postMessage(answered(sampleReply));
    assert.equal(await markup(chat), whole, `pieces of ${length}`);
  }
  await chat.close();
});

test("whatever it is made of and wherever it is cut, a text that grows looks like one that came at once", async () => {
  const random = randomFrom(7);
  const parts = [
    "- a\n",
    "- [ ] l\n",
    "1. b\n\n",
    "2",
    ".",
    "c",
    " \n",
    "\n",
    "    d\n",
    "```ts\n",
    "``",
    "> e\n",
    "# f\n",
    "---\n",
    "=",
    "|g|\n|-|\n",
    "<div>\n",
    "<!-- h",
    "-->\n",
    "[i]: http://i.j\n",
    "[i]",
    "**k** ",
  ];
  const texts = Array.from({ length: 300 }, () => Array.from({ length: 12 }, () => random.pick(parts)).join(""));
  const chat = await browser.open();
  const different = await chat.page.evaluate(
    ({ texts, shown, selector }) => {
      const show = (id: string, text: string, writing: string | undefined): string | undefined => {
        const messages = shown.messages.map((message) => ({ ...message, id, text }));
        const data: ToView = { kind: "state", state: { ...shown, messages, writing } };
        window.dispatchEvent(new MessageEvent("message", { data }));
        return document.querySelector(selector)?.innerHTML;
      };
      return texts.filter((text) => {
        for (let end = 0; end < text.length; end += 3) show("grown", text.slice(0, end), "grown");
        return show("grown", text, undefined) !== show("whole", text, undefined);
      });
    },
    { texts, shown: state({ messages: [message("m", "assistant", "")] }), selector: answer },
  );
  assert.deepEqual(different, []);
  await chat.close();
});

test("finished blocks keep their elements while the text grows and when it ends", async () => {
  const chat = await browser.open();
  await chat.postMessage(replying("# One\n\nTwo.\n\n```ts\nlet three;\n```\n\nFour"));
  await chat.page.evaluate((selector) => {
    const blocks = [...(document.querySelector(selector)?.children ?? [])];
    Object.assign(window, { blocks: blocks.slice(0, 3) });
  }, answer);
  for (const text of [" is", " long.\n\n- five", "\n- six\n\n", "Seven"]) await chat.postMessage(piece(text));
  await chat.postMessage(
    answered("# One\n\nTwo.\n\n```ts\nlet three;\n```\n\nFour is long.\n\n- five\n- six\n\nSeven"),
  );
  const kept = await chat.page.evaluate((selector) => {
    const { blocks } = window as unknown as { blocks: readonly Element[] };
    return blocks.map((block, at) => document.querySelector(selector)?.children[at] === block);
  }, answer);
  assert.deepEqual(kept, [true, true, true]);
  await chat.close();
});

test("list items keep their elements while the list grows, so focus in them stays", async () => {
  const chat = await browser.open();
  await chat.postMessage(replying("1. one:\n   ```ts\n   let one;\n   ```\n2. two"));
  const copy = chat.page.getByRole("button", { name: "Copy", exact: true });
  await copy.focus();
  for (const text of [" and", " more\n", "3. three", "\n4. four"]) await chat.postMessage(piece(text));
  assert.ok(await copy.evaluate((node) => node === document.activeElement));
  assert.deepEqual(await chat.page.locator(`${answer} > ol > li`).allInnerTexts(), [
    "one:\nts\nlet one;",
    "two and more",
    "three",
    "four",
  ]);
  await chat.close();
});

test("code is highlighted when its fence is closed or the reply ends", async () => {
  const chat = await browser.open();
  const keywords = (): Promise<number> => chat.page.locator(`${answer} .hljs-keyword`).count();
  await chat.postMessage(replying("```ts\nconst a = 1;"));
  assert.equal(await keywords(), 0);
  await chat.postMessage(piece("\n```\n"));
  assert.equal(await keywords(), 1);
  await chat.postMessage(replying("```ts\nconst a = 1;"), answered("```ts\nconst a = 1;"));
  assert.equal(await keywords(), 1);
  await chat.close();
});

test("long code is highlighted as a whole, including long comments and strings", async () => {
  const comment = `/* ${"let a = 1;\n".repeat(400)} */`;
  const text = `\`${"let b = 2;\n".repeat(400)}\``;
  const chat = await browser.open();
  await chat.postMessage(answered(`\`\`\`ts\nlet c = 3;\n${comment}\nlet d = ${text};\n\`\`\``));
  const all = async (kind: string): Promise<string> =>
    (await chat.page.locator(`${answer} ${kind}`).allTextContents()).join("");
  assert.equal(await all(".hljs-comment"), comment);
  assert.equal(await all(".hljs-string"), text);
  assert.equal(await all(".hljs-keyword"), "letlet");
  await chat.close();
});

test("thinking is folded above the reply and grows while it streams", async () => {
  const chat = await browser.open();
  await chat.postMessage(replying(""), piece("", "First "), piece("", "this."));
  const details = chat.page.locator(".thinking");
  assert.equal(await details.locator("summary").innerText(), "Thinking");
  assert.equal(await details.locator(".thoughts").textContent(), "First this.");
  assert.equal(await details.evaluate((node) => (node as HTMLDetailsElement).open), false);
  await chat.postMessage(piece("Now."));
  assert.equal(await details.locator("summary").innerText(), "Thoughts");
  await chat.close();
});

test("the view scrolls with new text if the user is at the end, and not otherwise", async () => {
  const chat = await browser.open("dark", { width: 300, height: 400 });
  const main = chat.page.locator("main");
  const top = (): Promise<number> => main.evaluate((node) => node.scrollTop);
  const fromEnd = (): Promise<number> =>
    main.evaluate((node) => node.scrollHeight - node.clientHeight - node.scrollTop);
  await chat.postMessage(replying("line\n\n".repeat(40)));
  assert.ok((await fromEnd()) < 2);
  await chat.postMessage(piece("line\n\n".repeat(20)));
  assert.ok((await fromEnd()) < 2);
  await main.evaluate(async (node) => {
    node.scrollTop -= 10; // a small scroll, as of a wheel
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
  const gentle = await top();
  await chat.postMessage(piece("line\n\n"));
  assert.equal(await top(), gentle);
  await main.evaluate(async (node) => {
    node.scrollTop = node.scrollHeight;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
  await chat.postMessage(piece("line\n\n"));
  assert.ok((await fromEnd()) < 2);
  await main.evaluate(async (node) => {
    node.scrollTop = 50;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
  await chat.postMessage(piece("line\n\n".repeat(20)), replying("line\n\n".repeat(80)));
  assert.equal(await top(), 50);
  await chat.close();
});

test("the buttons send their messages", async () => {
  const chat = await browser.open();
  const branch = { number: 2, count: 3 };
  const messages = [
    message("u1", "user", "Sort them.", { branch }),
    message("m1", "assistant", "[site](https://example.org/a)\n\n```py\nx = 1\n```"),
  ];
  const attachments = [{ id: "a1", kind: "file", label: "a.ts", tokens: 5 } as const];
  await chat.postMessage({ kind: "state", state: state({ messages, attachments }) });
  await chat.posted();
  const press = async (name: string, within = "body"): Promise<void> => {
    await chat.page.locator(within).getByRole("button", { name, exact: true }).click();
  };
  await press("Copy", ".code-block");
  await press("Insert at Cursor");
  await press("Apply in Editor");
  await press("New File");
  await chat.page.getByRole("link", { name: "site" }).click();
  await press("Regenerate");
  await press("Copy Message", ".assistant");
  await press("Delete", ".user");
  await press("Previous Version", ".user");
  await press("Next Version", ".user");
  await press("Attach…");
  await press("Attach Selection");
  await press("Remove a.ts");
  await press("Think");
  await press("Search Conversations");
  await press("Export as Markdown");
  await press("New Conversation");
  await press("Delete Conversation");
  assert.deepEqual(await chat.posted(), [
    { kind: "copy", code: "x = 1" },
    { kind: "insert", code: "x = 1" },
    { kind: "apply", code: "x = 1" },
    { kind: "newFile", code: "x = 1", language: "py" },
    { kind: "openLink", url: "https://example.org/a" },
    { kind: "regenerate", messageId: "m1" },
    { kind: "copy", code: "[site](https://example.org/a)\n\n```py\nx = 1\n```" },
    { kind: "delete", messageId: "u1" },
    { kind: "showBranch", messageId: "u1", by: -1 },
    { kind: "showBranch", messageId: "u1", by: 1 },
    { kind: "attach" },
    { kind: "attachSelection" },
    { kind: "detach", attachmentId: "a1" },
    { kind: "think", isOn: false },
    { kind: "searchConversations" },
    { kind: "exportConversation" },
    { kind: "newConversation" },
    { kind: "deleteConversation", id: "c1" },
  ]);
  await chat.close();
});

test("another conversation is opened from the list", async () => {
  const chat = await browser.open();
  const conversations = [
    { id: "c1", title: "A stable sort", changed: Date.now() },
    { id: "c2", title: "Older", changed: Date.now() - 3 * 86_400_000 },
  ];
  await chat.postMessage({ kind: "state", state: state({ conversations }) });
  await chat.posted();
  await chat.page.getByRole("combobox").selectOption("Older");
  assert.deepEqual(await chat.posted(), [{ kind: "openConversation", id: "c2" }]);
  await chat.close();
});

test("a reply is announced to screen readers once, when it is complete", async () => {
  const chat = await browser.open();
  const spoken = (): Promise<string | null> => chat.page.getByRole("status").textContent();
  await chat.postMessage(replying(""));
  assert.equal(await spoken(), "Writing");
  await chat.postMessage(piece("It is "), piece("**done**."));
  assert.equal(await spoken(), "Writing");
  await chat.postMessage(answered("It is **done**.\n\nLook:\n- one\n- two"));
  assert.deepEqual((await spoken())?.split(/\s*\n\s*/), ["It is done.", "Look:", "one", "two"]);
  await chat.close();
});

test("composed text is inserted before the draft", async () => {
  const chat = await browser.open();
  const box = chat.page.getByRole("textbox", { name: "Message" });
  await box.fill("half a thought");
  await chat.postMessage(answered("x"), { kind: "compose", text: "Explain " });
  assert.equal(await box.inputValue(), "Explain half a thought");
  await chat.close();
});
