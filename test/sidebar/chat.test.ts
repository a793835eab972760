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
const answers = (): Locator => editor.chat.locator(".message.assistant");
const messages = (): Locator => editor.chat.locator(".message.user");
const send = (): Locator => editor.chat.getByRole("button", { name: /^Send/ });
const button = (name: string, within: Locator = answers().last()): Locator => within.getByRole("button", { name });

/** An answer has been written: what is sent next is not a stop. */
async function written(count: number): Promise<void> {
  await answers()
    .nth(count - 1)
    .waitFor();
  await editor.chat.locator(".message.writing").waitFor({ state: "detached" });
  await send().waitFor();
}

test("the sidebar opens, says what the embedded model can do, and goes on with code", async () => {
  await editor.command("RWKV Code: Open Chat");
  await input().waitFor();
  await editor.chat.getByText("was not trained to talk").waitFor();
  await editor.chat.getByRole("button", { name: "Import a Model" }).waitFor();
  await input().fill("export function sum(values: readonly number[]): number {");
  await input().press("Enter");
  await written(1);
  const code = await answers().locator("pre").first().textContent();
  assert.ok((code ?? "").trim().length > 0);
  await editor.picture("sidebar");
});

test("regenerating makes a branch of one message, and reads one token", async () => {
  await button("Regenerate").click();
  await answers().getByText("2/2").waitFor();
  await written(1);
  assert.equal(await answers().count(), 1);
  await editor.chat.getByText(/^.* 1 tokens? read/).waitFor();
  await button("Previous Version").click();
  await answers().getByText("1/2").waitFor();
});

test("a message can be edited: the conversation branches there, and the old branch stays", async () => {
  const before = await answers().locator("pre").first().textContent();
  await button("Edit", messages().first()).click();
  const edit = messages().first().getByRole("textbox");
  await edit.fill("export function product(values: readonly number[]): number {");
  await edit.press("Enter");
  await messages().getByText("2/2").waitFor();
  await written(1);
  assert.match((await messages().first().textContent()) ?? "", /product/);
  await button("Previous Version", messages().first()).click();
  await messages().getByText("1/2").waitFor();
  assert.equal(await answers().locator("pre").first().textContent(), before);
});

test("an answer that is stopped stays as it is", async () => {
  // So long that it is read for seconds: there is time to press a key.
  await input().evaluate((box: HTMLTextAreaElement, text) => {
    box.value = text;
    box.dispatchEvent(new Event("input"));
  }, "const values = [1, 2, 3];\n".repeat(4000));
  await input().press("Enter");
  await editor.chat.locator(".message.writing").waitFor();
  await input().press("Escape");
  await written(2);
  await answers().last().getByText("Stopped.").waitFor();
});

test("code goes into the editor where its cursor is, and undo takes it out", async () => {
  await editor.page.locator(".monaco-editor .view-lines").first().click();
  await editor.page.keyboard.press("Control+End");
  const code = ((await answers().first().locator("pre code").first().textContent()) ?? "").trim().split("\n")[0]!;
  // A closer of the function that the message began closes nothing in the editor and is left out there.
  const inserted = code.replace(/[)\]};\s]+$/, "");
  await button("Insert at Cursor", answers().first()).click();
  await editor.page.waitForFunction(
    (line) =>
      document.querySelector(".monaco-editor .view-lines")!.textContent.replaceAll("\u00a0", " ").includes(line),
    inserted,
  );
  await editor.page.locator(".monaco-editor .view-lines").first().click();
  await editor.page.keyboard.press("Control+z");
  await editor.page.waitForFunction(() => document.querySelectorAll(".monaco-editor .view-line").length === 4);
});

test("a file is attached with its tokens, and taken off again", async () => {
  await editor.chat.getByRole("button", { name: "Attach File" }).click();
  const chip = editor.chat.locator(".chip");
  await chip.getByText(/\d+ tokens/).waitFor();
  assert.match((await chip.textContent()) ?? "", /area\.ts/);
  await chip.getByRole("button").click();
  await chip.waitFor({ state: "detached" });
});

test("the view in the editor's themes, and at twice the size, has nothing that axe finds", async () => {
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
  await editor.page.setViewportSize({ width: 500, height: 400 }); // as a window of 1000 by 800 is at 200 %
  await editor.picture("sidebar-200-percent");
  assert.deepEqual(await found(), []);
  await editor.page.setViewportSize({ width: 1000, height: 800 });
});

test("a command that needs instructions says that the embedded model knows none, and what helps", async () => {
  await editor.command("RWKV Code: Generate from Instruction");
  await editor.page.getByPlaceholder("Say what is to be done").fill("add a function for the volume");
  await editor.page.keyboard.press("Enter");
  await editor.command("Notifications: Show Notifications");
  const notice = editor.page.locator(".notifications-center .notification-list-item");
  await notice.getByText("was not trained to follow instructions").waitFor();
  await notice.getByText("Import a Model").waitFor();
  await editor.command("Notifications: Clear All Notifications");
});

test("hidden and shown again, the view is as it was: an edit that is under way stays", async () => {
  await button("Edit", messages().first()).click();
  const edit = messages().first().getByRole("textbox");
  await edit.fill("half an edit");
  await editor.command("View: Show Explorer");
  await editor.page.locator(".explorer-viewlet").waitFor();
  await editor.command("RWKV Code: Open Chat");
  assert.equal(await edit.inputValue(), "half an edit");
  await edit.press("Escape");
});

test("the conversation is there after the window was opened anew", async () => {
  const before = await messages().allTextContents();
  await reopened();
  await answers().first().waitFor();
  assert.deepEqual(await messages().allTextContents(), before);
});

test("a new conversation leaves the old one in the list; deleted, it is gone until that is undone, for good", async () => {
  const texts = await messages().allTextContents();
  await editor.chat.getByRole("button", { name: "New Conversation" }).click();
  await answers().first().waitFor({ state: "detached" });
  const choice = editor.chat.getByRole("combobox", { name: "Conversation" });
  await choice.selectOption({ index: 1 });
  await answers().first().waitFor();
  const remove = editor.chat.getByRole("button", { name: "Delete Conversation" });
  await remove.click();
  await answers().first().waitFor({ state: "detached" });
  assert.equal(await choice.locator("option").count(), 1);
  await editor.chat.getByRole("button", { name: "Undo" }).click();
  await answers().first().waitFor();
  assert.deepEqual(await messages().allTextContents(), texts);
  await reopened();
  await answers().first().waitFor();
  assert.deepEqual(await messages().allTextContents(), texts);
  await remove.click();
  await answers().first().waitFor({ state: "detached" });
  await reopened();
  await input().waitFor();
  await editor.chat.getByRole("heading", { name: "Ask about your code" }).waitFor();
  assert.equal(await answers().count(), 0);
});

/** Opens the window anew, and the chat in it. */
async function reopened(): Promise<void> {
  await editor.load();
  await editor.command("RWKV Code: Open Chat");
}

/** What axe-core finds in the chat's own page. */
async function found(): Promise<readonly string[]> {
  const outer = await (await editor.page.waitForSelector("iframe.webview.ready")).contentFrame();
  const inner = await (await outer!.waitForSelector("iframe#active-frame")).contentFrame();
  return violations(inner!);
}
