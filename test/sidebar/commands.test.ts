import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { Editor } from "./editor.js";

const opened = "export function subtract(first: number, second: number): number {\n  ";

let editor: Editor;
before(async () => {
  editor = await Editor.start(opened);
});
after(async () => {
  await editor.stop();
});

const rows = () => editor.page.locator(".quick-input-list .monaco-list-row");

test("alternatives are previewed in the file; the picked one is inserted, and one undo removes it", async () => {
  await editor.toEnd();
  await editor.command("RWKV Code: Show Alternatives");
  await editor.page.getByPlaceholder("Preview with the arrow keys, insert with Enter").waitFor();
  await rows().first().waitFor();
  await editor.shows("the first in its place", (text) => text.length > opened.length);
  await editor.picture("alternatives");
  await editor.page.keyboard.press("Enter");
  await rows().first().waitFor({ state: "hidden" });
  await editor.shows("what was picked", (text) => text.startsWith(opened) && text.length > opened.length);
  await editor.toEnd();
  await editor.page.keyboard.press("Control+z");
  await editor.shows("the file as it was", (text) => text === opened);
});

test("cancelled, alternatives leave nothing", async () => {
  await editor.toEnd();
  await editor.command("RWKV Code: Show Alternatives");
  await rows().first().waitFor();
  await editor.shows("the first in its place", (text) => text.length > opened.length);
  await editor.page.keyboard.press("Escape");
  await editor.shows("the file as it was", (text) => text === opened);
  assert.equal(await editor.page.locator(".tab").count(), 1);
});

test("a click into another editor group keeps the focus there and leaves no alternatives", async () => {
  const group = (index: number) => editor.page.locator(".editor-group-container").nth(index);
  const lengthened = (isLonger: boolean) =>
    editor.page.waitForFunction(
      ([length, isWanted]) => {
        const lines = document.querySelectorAll(".editor-group-container")[1]?.querySelector(".view-lines");
        return (lines?.textContent ?? "").length > length === isWanted;
      },
      [opened.length, isLonger] as const,
    );
  await editor.toEnd();
  await editor.command("View: Split Editor Right");
  await group(1).locator(".view-line").first().waitFor();
  await editor.command("RWKV Code: Show Alternatives");
  await rows().first().waitFor();
  await lengthened(true);
  await group(0).locator(".view-lines").first().click();
  await rows().first().waitFor({ state: "hidden" });
  await lengthened(false);
  assert.equal(await group(0).evaluate((one) => one.classList.contains("active")), true);
  assert.equal(await editor.page.locator(".tab").count(), 2);
  await editor.command("View: Join All Editor Groups");
});

test("after Continue Anyway, the embedded model writes below the instruction, and the user is not asked again", async () => {
  const instruction = "return the difference";
  for (const isFirst of [true, false]) {
    await editor.toEnd();
    await editor.command("RWKV Code: Generate from Instruction");
    if (isFirst) {
      await editor.command("Notifications: Show Notifications");
      const notice = editor.page.locator(".notifications-center .notification-list-item", {
        hasText: "was not trained",
      });
      await notice.getByRole("button", { name: "Get a Model…" }).waitFor();
      assert.equal(await editor.page.getByPlaceholder("Describe what to do").isVisible(), false);
      await notice.getByRole("button", { name: "Continue Anyway" }).click();
    }
    await editor.page.getByPlaceholder("Describe what to do").fill(instruction);
    await rows().filter({ hasText: instruction }).first().waitFor();
    await editor.page.keyboard.press("Enter");
    const comment = `${opened}// ${instruction}\n  `;
    await editor.shows("text below the comment", (text) => text.startsWith(comment) && text.length > comment.length);
    await editor.page.locator(".notification-list-item", { hasText: "is writing" }).waitFor({ state: "detached" });
    await editor.toEnd();
    await editor.page.keyboard.press("Control+z");
    await editor.shows("the file as it was", (text) => text === opened);
  }
});
