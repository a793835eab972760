import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import type { Locator } from "playwright-core";
import { violations } from "../view/axe.js";
import { Editor } from "./editor.js";

const area = "export function area(width: number, height: number): number {\n  return width * height;\n}\n";

let editor: Editor;
before(async () => {
  editor = await Editor.start(area);
});
after(async () => {
  await editor.stop();
});

const input = (): Locator => editor.chat.getByRole("textbox", { name: "Message" });
const replies = (): Locator => editor.chat.locator(".message.assistant");
const messages = (): Locator => editor.chat.locator(".message.user");
const send = (): Locator => editor.chat.getByRole("button", { name: /^Send/ });
const button = (name: string, within: Locator = replies().last()): Locator => within.getByRole("button", { name });

/** Waits for this many replies, and until the last one is complete and the button says Send again. */
async function written(count: number): Promise<void> {
  await replies()
    .nth(count - 1)
    .waitFor();
  await editor.chat.locator(".message.writing").waitFor({ state: "detached" });
  await send().waitFor();
}

test("the chat offers models first; as a scratchpad, the embedded model continues code", async () => {
  await editor.command("RWKV Code: Open Chat");
  await editor.chat.getByText("Chat needs a model that talks").waitFor();
  await editor.chat.getByRole("button", { name: "Get a Model…" }).waitFor();
  assert.equal(await input().isVisible(), false);
  await editor.picture("sidebar-offer");
  await editor.chat.getByRole("button", { name: "Use as Scratchpad" }).click();
  await editor.chat.getByText("It continues what you write as TypeScript code.").waitFor();
  await editor.page.keyboard.type("export function sum(values: readonly number[]): number {"); // the box has the focus
  await input().press("Enter");
  await written(1);
  const code = await replies().locator("pre").first().textContent();
  assert.ok((code ?? "").trim().length > 0);
  await editor.picture("sidebar");
});

test("regenerating adds a branch and reads one token", async () => {
  await button("Regenerate").click();
  await replies().getByText("2/2").waitFor();
  await written(1);
  assert.equal(await replies().count(), 1);
  await editor.chat.getByText(/read 1 token,/).waitFor();
  await button("Previous Version").click();
  await replies().getByText("1/2").waitFor();
});

test("editing a message branches the conversation and keeps the old branch", async () => {
  const before = await replies().locator("pre").first().textContent();
  await button("Edit", messages().first()).click();
  const edit = messages().first().getByRole("textbox");
  await edit.fill("export function product(values: readonly number[]): number {");
  await edit.press("Enter");
  await messages().getByText("2/2").waitFor();
  await written(1);
  assert.match((await messages().first().textContent()) ?? "", /product/);
  await button("Previous Version", messages().first()).click();
  await messages().getByText("1/2").waitFor();
  assert.equal(await replies().locator("pre").first().textContent(), before);
});

test("a stopped reply keeps its text", async () => {
  // The message is so long that reading it takes seconds, which leaves time to press a key.
  await input().evaluate((box: HTMLTextAreaElement, text) => {
    box.value = text;
    box.dispatchEvent(new Event("input"));
  }, "const values = [1, 2, 3];\n".repeat(4000));
  await input().press("Enter");
  await editor.chat.locator(".message.writing").waitFor();
  await input().press("Escape");
  await written(2);
  await replies().last().getByText("Stopped.").waitFor();
});

test("code is inserted at the cursor, and undo removes it", async () => {
  await editor.page.locator(".monaco-editor .view-lines").first().click();
  await editor.page.keyboard.press("Control+End");
  const code = ((await replies().first().locator("pre code").first().textContent()) ?? "").trim().split("\n")[0]!;
  // The code may end with closers for the function that the message began. In the editor they match nothing, so they
  // are dropped when it is inserted.
  const inserted = code.replace(/[)\]};\s]+$/, "");
  await button("Insert at Cursor", replies().first()).click();
  await editor.page.waitForFunction(
    (line) =>
      document.querySelector(".monaco-editor .view-lines")!.textContent.replaceAll("\u00a0", " ").includes(line),
    inserted,
  );
  await editor.page.locator(".monaco-editor .view-lines").first().click();
  await editor.page.keyboard.press("Control+z");
  await editor.page.waitForFunction(() => document.querySelectorAll(".monaco-editor .view-line").length === 4);
});

test("a file is attached by @ with its token count, once, and can be removed", async () => {
  const chip = editor.chat.locator(".chip");
  for (const isFirst of [true, false]) {
    await input().focus();
    await editor.page.keyboard.type("@");
    const list = editor.page.locator(".quick-input-list");
    await list.getByText("area.ts").first().waitFor();
    await editor.picture("attach");
    await editor.page.keyboard.type("area.ts");
    await list.locator(".monaco-list-row", { hasText: "area.ts" }).first().waitFor();
    await editor.page.keyboard.press("Enter");
    await list.waitFor({ state: "hidden" });
    await chip.first().waitFor();
    assert.equal(await chip.count(), 1);
    if (isFirst) assert.equal(await input().inputValue(), "");
  }
  await editor.page.getByText("area.ts is attached already.").first().waitFor();
  await input().fill("");
  await editor.command("Notifications: Clear All Notifications");
  await chip.getByText(/\d+ tokens/).waitFor();
  assert.match((await chip.textContent()) ?? "", /area\.ts/);
  await chip.getByRole("button").click();
  await chip.waitFor({ state: "detached" });
});

test("axe finds no violation in three themes and at 200 %", async () => {
  for (const [theme, kind] of [
    ["Light Modern", "vscode-light"],
    ["Dark High Contrast", "vscode-high-contrast"],
    ["Dark Modern", "vscode-dark"],
  ] as const) {
    await editor.theme(theme);
    await editor.chat.locator(`body.${kind}`).waitFor();
    await editor.picture(`sidebar-${kind}`);
    assert.deepEqual(await found(), []);
  }
  await editor.page.setViewportSize({ width: 500, height: 400 }); // has the layout of a window of 1000 by 800 at 200 %
  await editor.picture("sidebar-200-percent");
  assert.deepEqual(await found(), []);
  await editor.page.setViewportSize({ width: 1000, height: 800 });
});

test("a command that needs instructions says that the embedded model follows none, and what helps", async () => {
  await editor.command("RWKV Code: Generate from Instruction");
  await editor.command("Notifications: Show Notifications");
  const notice = editor.page.locator(".notifications-center .notification-list-item");
  await notice.getByText("was not trained to follow instructions").waitFor();
  await notice.getByText("Get a Model…").waitFor();
  assert.equal(await editor.page.getByPlaceholder("Describe what to do").isVisible(), false);
  await editor.command("Notifications: Clear All Notifications");
});

test("an edit in progress survives hiding the view", async () => {
  await button("Edit", messages().first()).click();
  const edit = messages().first().getByRole("textbox");
  await edit.fill("half an edit");
  await editor.command("View: Show Explorer");
  await editor.page.locator(".explorer-viewlet").waitFor();
  await editor.command("RWKV Code: Open Chat");
  assert.equal(await edit.inputValue(), "half an edit");
  await edit.press("Escape");
});

test("the conversation, the draft and its attachments survive a reload of the window", async () => {
  const before = await messages().allTextContents();
  await editor.command("RWKV Code: Attach to Chat");
  await editor.chat
    .locator(".chip")
    .getByText(/\d+ tokens/)
    .waitFor();
  await input().fill("half a thought");
  // The extension host shows this list, so once the list is open, the host has received the draft. Otherwise, the
  // reload could lose the draft.
  await editor.chat.getByRole("button", { name: "Search Conversations" }).click();
  await editor.page.getByPlaceholder("Words in messages and replies").waitFor();
  await editor.page.keyboard.press("Escape");
  await reopened();
  await replies().first().waitFor();
  assert.equal(await input().inputValue(), "half a thought");
  assert.ok(await input().evaluate((box) => box === document.activeElement), "Open Chat focuses the input box");
  await input().fill("");
  await editor.chat
    .locator(".chip")
    .getByText(/\d+ tokens/)
    .waitFor();
  await editor.chat.locator(".chip").getByRole("button").click();
  assert.deepEqual(await messages().allTextContents(), before);
});

test("a conversation is found by its words and opened", async () => {
  await editor.chat.getByRole("button", { name: "New Conversation" }).click();
  await replies().first().waitFor({ state: "detached" });
  await editor.chat.getByRole("button", { name: "Search Conversations" }).click();
  await editor.page.locator(".quick-input-widget input").first().fill("NUMBER values sum");
  await editor.page.locator(".quick-input-list .monaco-list-row").first().click();
  await replies().first().waitFor();
});

test("a conversation is exported as a Markdown document", async () => {
  await editor.chat.getByRole("button", { name: "Export as Markdown" }).click();
  await editor.shows("the conversation", (text) => text.startsWith("# export function") && text.includes("## RWKV"));
  await editor.command("View: Revert and Close Editor");
});

test("a new conversation leaves the old one in the list; deleting it can be undone, and lasts otherwise", async () => {
  const texts = await messages().allTextContents();
  await editor.chat.getByRole("button", { name: "New Conversation" }).click();
  await replies().first().waitFor({ state: "detached" });
  const choice = editor.chat.getByRole("combobox", { name: "Conversation" });
  await choice.selectOption({ index: 1 });
  await replies().first().waitFor();
  const remove = editor.chat.getByRole("button", { name: "Delete Conversation" });
  await remove.click();
  await replies().first().waitFor({ state: "detached" });
  assert.equal(await choice.locator("option").count(), 1);
  await editor.chat.getByRole("button", { name: "Undo" }).click();
  await replies().first().waitFor();
  assert.deepEqual(await messages().allTextContents(), texts);
  await reopened();
  await replies().first().waitFor();
  assert.deepEqual(await messages().allTextContents(), texts);
  await remove.click();
  await replies().first().waitFor({ state: "detached" });
  await reopened();
  await input().waitFor();
  await editor.chat.getByText("Scratchpad: the model").waitFor();
  assert.equal(await replies().count(), 0);
});

/** Reloads the window and opens the chat. */
async function reopened(): Promise<void> {
  await editor.load();
  await editor.command("RWKV Code: Open Chat");
}

/** The problems that axe-core finds in the chat view's page. */
async function found(): Promise<readonly string[]> {
  const outer = await (await editor.page.waitForSelector("iframe.webview.ready")).contentFrame();
  const inner = await (await outer!.waitForSelector("iframe#active-frame")).contentFrame();
  return violations(inner!);
}
