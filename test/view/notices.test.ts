import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import type { Locator } from "playwright-core";
import { ChatBrowser } from "./chatPage.js";
import { message, state } from "./states.js";

let browser: ChatBrowser;
before(async () => {
  browser = await ChatBrowser.start();
});
after(() => browser.stop());

const ask = message("u1", "user", "Sort them.");
const hasFocus = (element: Locator): Promise<boolean> => element.evaluate((it) => it === document.activeElement);

const silent = {
  name: "small",
  chat: "none",
  isScratchpad: false,
  problem: undefined,
  think: "unavailable",
  isLoading: false,
} as const;

test("with a model that was not trained to talk, models are offered in place of the input box", async () => {
  const chat = await browser.open();
  await chat.postMessage({ kind: "state", state: state({ model: silent }) });
  await chat.posted();
  assert.match(await chat.page.locator(".offer").innerText(), /needs a model that talks[^]*The loaded model, small,/);
  assert.equal(await chat.page.getByRole("textbox").count(), 0);
  for (const name of ["Get a Model…", "Select Model…", "Use as Scratchpad"]) {
    await chat.page.getByRole("button", { name }).click();
  }
  assert.deepEqual(await chat.posted(), [{ kind: "getModel" }, { kind: "selectModel" }, { kind: "scratchpad" }]);
  await chat.postMessage({ kind: "state", state: state({ model: { ...silent, isScratchpad: true } }) });
  assert.equal(await chat.page.locator(".offer").isVisible(), false);
  const note = chat.page.getByRole("note");
  assert.match(await note.innerText(), /^Scratchpad: [^]*as Python code\.[^]*Get a Model…$/);
  assert.equal(await chat.page.getByRole("textbox").getAttribute("placeholder"), "Python code to continue");
  assert.equal(await hasFocus(chat.page.getByRole("textbox")), true);
  assert.equal(await chat.page.getByRole("button", { name: "Think" }).count(), 0);
  await chat.posted();
  await note.getByRole("button", { name: "Change Language…" }).click();
  assert.deepEqual(await chat.posted(), [{ kind: "scratchpadLanguage" }]);
  await chat.close();
});

test("an offer that disappears while the user works elsewhere does not take the focus", async () => {
  const chat = await browser.open();
  await chat.postMessage({ kind: "state", state: state({ model: silent }) });
  await chat.page.getByRole("button", { name: "Get a Model…" }).click();
  await chat.page.evaluate(() => {
    document.hasFocus = () => false;
  });
  await chat.postMessage({ kind: "state", state: state() });
  await chat.page.getByRole("textbox").waitFor();
  assert.equal(await hasFocus(chat.page.getByRole("textbox")), false);
  await chat.close();
});

test("a deleted conversation can be restored as long as the host says so", async () => {
  const chat = await browser.open();
  const notice = chat.page.getByText("“Older” was deleted.");
  await chat.postMessage({ kind: "state", state: state({ deleted: "Older" }) });
  await notice.waitFor();
  await chat.posted();
  await chat.page.getByRole("button", { name: "Undo" }).click();
  assert.deepEqual(await chat.posted(), [{ kind: "undoDelete" }]);
  await chat.postMessage({ kind: "state", state: state() });
  assert.equal(await notice.count(), 0);
  assert.equal(await hasFocus(chat.page.getByRole("textbox")), true);
  await chat.close();
});

test("an empty conversation has a name, and loading the model is shown", async () => {
  const chat = await browser.open();
  const conversation = { id: "c1", title: "" };
  const model = {
    name: "",
    chat: "none",
    isScratchpad: false,
    problem: undefined,
    think: "unavailable",
    isLoading: true,
  } as const;
  const conversations = [{ ...conversation, changed: Date.now() }];
  await chat.postMessage({ kind: "state", state: state({ conversation, conversations, model }) });
  assert.equal(await chat.page.locator("h1").textContent(), "New Conversation");
  assert.equal(await chat.page.locator("option").textContent(), "New Conversation");
  assert.equal(await chat.page.locator(".status-line").innerText(), "Loading the model");
  await chat.close();
});

test("in a view that is not high, the status takes one line, and its tooltip has all of it", async () => {
  const chat = await browser.open();
  const cost = { tokensRead: 15, tokensFromCheckpoint: 94, tokensPerSecond: 104.5 };
  const line = chat.page.locator(".status-line");
  const lines = (): Promise<number> =>
    line.evaluate((element) => Math.round(element.clientHeight / parseFloat(getComputedStyle(element).lineHeight)));
  await chat.page.setViewportSize({ width: 220, height: 600 });
  await chat.postMessage({ kind: "state", state: state({ cost }) });
  assert.ok((await lines()) > 1);
  await chat.page.setViewportSize({ width: 220, height: 330 }); // has the layout of a window of 1000 by 800 at 200 %
  assert.equal(await lines(), 1);
  assert.match(
    (await line.getAttribute("title")) ?? "",
    /wrote 104\.5 tokens\/s · read 15 tokens, 94 from checkpoints$/,
  );
  await chat.close();
});

test("the user's last message can be sent again if it has no reply", async () => {
  const chat = await browser.open();
  const regenerate = chat.page.locator(".user").getByRole("button", { name: "Regenerate" });
  await chat.postMessage({ kind: "state", state: state({ messages: [ask, message("m1", "assistant", "Done.")] }) });
  assert.equal(await regenerate.count(), 0);
  await chat.postMessage({ kind: "state", state: state({ messages: [ask] }) });
  await chat.posted();
  await regenerate.click();
  assert.deepEqual(await chat.posted(), [{ kind: "regenerate", messageId: "u1" }]);
  await chat.close();
});

test("the reason why a reply ended is shown below it", async () => {
  const chat = await browser.open();
  const messages = [ask, message("m1", "assistant", "and so on", { ending: "repeats" })];
  await chat.postMessage({ kind: "state", state: state({ messages }) });
  assert.equal(await chat.page.locator(".note").last().innerText(), "Stopped because it kept repeating itself.");
  await chat.close();
});

test("the reason why no model can reply is shown above the input box", async () => {
  const chat = await browser.open();
  assert.equal(await chat.page.locator("footer .notice.error").isVisible(), false);
  const model = {
    name: "",
    chat: "g1",
    isScratchpad: false,
    problem: "It could not be loaded.",
    think: "off",
    isLoading: false,
  } as const;
  await chat.postMessage({ kind: "state", state: state({ model }) });
  assert.equal(await chat.page.getByRole("alert").innerText(), "It could not be loaded.");
  await chat.close();
});
