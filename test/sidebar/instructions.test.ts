import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import test, { after, before } from "node:test";
import type { Locator } from "playwright-core";
import { generatePrompt, rewritePrompt } from "../../src/extension/instructions/prompts.js";
import { writeScriptedChatModel } from "../support/scriptedChatModel.js";
import { Editor } from "./editor.js";

const area = "export function area(width: number, height: number): number {\n  return width * height;\n}\n";
const volume = [
  "/** Of a box. */",
  "export function volume(width: number, height: number, depth: number): number {",
  "  return area(width, height) * depth;",
  "}",
];
const rewritten = [
  "export function area(width: number, height: number): number {",
  '  if (width < 0 || height < 0) throw new RangeError("a side is negative");',
  "  return width * height;",
  "}",
];
const explained = `It tells the **area** of a rectangle:

1. \`width\` and \`height\` are its sides.
2. Their product is returned.

A negative side is not refused. This would be:

\`\`\`typescript
if (width < 0 || height < 0) throw new RangeError("a side is negative");
\`\`\`
`;
const tests = 'test("area", () => assert.equal(area(2, 3), 6));';
const counting = Array.from({ length: 60 }, (_, i) => `count(${i});`).join("\n");

/**
 * The end of a command's prompt, after which the scripted model replies.
 * @param instruction if given, the model replies only to this instruction.
 */
function endOf(prompt: "generate" | "rewrite", instruction?: string): string {
  const document = { file: "", language: "" };
  const text =
    prompt === "generate"
      ? generatePrompt(document, { line: 0, above: "", instruction: "" })
      : rewritePrompt(document, { selection: "", instruction: "" });
  const last = `${text.split("\n").at(-1)!}\n\nAssistant:`;
  return instruction === undefined ? last : `${instruction}\n${last}`;
}

let folder: string;
let editor: Editor;
before(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-talking-"));
  writeScriptedChatModel(folder, {
    name: "made-for-this-test",
    chat: "world",
    layers: 64,
    replies: [
      { after: endOf("generate"), says: ` Here it is:\n\`\`\`typescript\n${volume.join("\n")}\n\`\`\`` },
      { after: endOf("rewrite"), says: ` So:\n\`\`\`typescript\n${rewritten.join("\n")}\n\`\`\`` },
      {
        after: `test file, in one code block, and nothing else.\n\nAssistant:`,
        says: ` \`\`\`typescript\n${tests}\n\`\`\``,
      },
      { after: "step by step.\n\nAssistant:", says: ` ${explained}` },
      ...(["generate", "rewrite"] as const).map((prompt) => ({
        after: endOf(prompt, "count for ever"),
        says: ` \`\`\`typescript\n${counting}`,
        isEndless: true,
      })),
    ],
  });
  editor = await Editor.start(area, { "rwkvCode.model": folder });
});
after(async () => {
  await editor.stop();
  rmSync(folder, { recursive: true });
});

const diff = () => editor.page.locator(".monaco-diff-editor");

async function instruct(command: string, instruction: string): Promise<void> {
  await editor.command(`RWKV Code: ${command}`);
  await editor.page.getByPlaceholder("Describe what to do").fill(instruction);
  await editor.page.locator(".quick-input-list .monaco-list-row", { hasText: instruction }).first().waitFor();
  await editor.page.keyboard.press("Enter");
}

async function selectAll(): Promise<void> {
  await editor.toEnd();
  await editor.page.keyboard.press("Control+a");
}

/** Undoes one step in the file's editor. */
async function undo(): Promise<void> {
  await editor.toEnd();
  await editor.page.keyboard.press("Control+z");
}

/** Waits for the notification that the model is writing something. */
async function writing(): Promise<Locator> {
  await editor.command("Notifications: Show Notifications");
  const notification = editor.page.locator(".notifications-center .notification-list-item", {
    hasText: "press Escape to stop",
  });
  await notification.waitFor();
  return notification;
}

/** Waits until the model is writing, and presses Escape. */
async function escape(): Promise<void> {
  await writing();
  await editor.command("View: Focus First Editor Group"); // not by a click, because moving the cursor adds an undo stop
  await editor.page.keyboard.press("Escape");
  // When its last entry is gone, the notification list closes and gives the focus back to the editor. That would close
  // an input box that is open by then.
  await editor.page.locator(".notifications-center").waitFor({ state: "hidden" });
}

async function pressCancel(): Promise<void> {
  await (await writing()).getByRole("button", { name: "Cancel" }).click();
}

test("an instruction's code is written at the cursor, without prose; one undo removes it", async () => {
  await editor.toEnd();
  await instruct("Generate from Instruction", "the volume of a box");
  await editor.shows("the function", (text) => text === area + volume.join("\n"));
  await undo();
  await editor.shows("the file as it was", (text) => text === area);
});

test("Escape keeps the written text, and one undo removes it", async () => {
  await editor.toEnd();
  await instruct("Generate from Instruction", "count for ever");
  await editor.shows("a beginning", (text) => text.includes("count(1);"));
  await escape();
  assert.match(await editor.text(), /count\(\d+\);/);
  await undo();
  await editor.shows("the file as it was", (text) => text === area);
});

test("a rewrite is shown as a diff; accepting it is one edit", async () => {
  await selectAll();
  await instruct("Rewrite Selection", "refuse negative sides");
  await diff().waitFor();
  await diff().getByText("RangeError").first().waitFor();
  await editor.picture("rewrite");
  await editor.page.getByRole("button", { name: "Accept Rewrite" }).click();
  await diff().waitFor({ state: "detached" });
  await editor.shows("the rewritten part", (text) => text === `${rewritten.join("\n")}\n`);
  await undo();
  await editor.shows("the file as it was", (text) => text === area);
});

for (const [how, reject] of [
  ["rejected", () => editor.page.getByRole("button", { name: "Reject Rewrite" }).click()],
  ["closed", () => editor.command("View: Close Editor")],
] as const) {
  test(`a rewrite that is ${how} changes nothing`, async () => {
    await selectAll();
    await instruct("Rewrite Selection", "refuse negative sides");
    await diff().getByText("RangeError").first().waitFor();
    await reject();
    await diff().waitFor({ state: "detached" });
    await editor.shows("the file as it was", (text) => text === area);
  });
}

for (const [how, cancel] of [
  ["by Escape", escape],
  ["by the button of its notification", pressCancel],
  ["because the server is restarted", () => editor.command("RWKV Code: Restart Server")],
] as const) {
  test(`a rewrite that is cancelled ${how} changes and shows nothing; the next one starts at once`, async () => {
    await selectAll();
    await instruct("Rewrite Selection", "count for ever");
    await (await writing()).getByText("count(").waitFor(); // the last line that was written so far
    await cancel();
    await editor.page
      .locator(".notification-list-item", { hasText: "press Escape to stop" })
      .waitFor({ state: "detached" });
    await editor.shows("the file as it was", (text) => text === area);
    await selectAll();
    await instruct("Rewrite Selection", "refuse negative sides");
    await diff().getByText("RangeError").first().waitFor();
    await editor.page.getByRole("button", { name: "Reject Rewrite" }).click();
    await diff().waitFor({ state: "detached" });
    await editor.shows("the file as it was", (text) => text === area);
    assert.equal(await editor.page.locator(".tab").count(), 1); // a diff of the cancelled rewrite would be another tab
  });
}

test("a selection is explained in the chat, from the editor's context menu", async () => {
  await selectAll();
  await editor.page.locator(".editor-instance .view-line").first().click({ button: "right" });
  // By keyboard, because clicks are ignored in the first 100 ms after the submenu opens.
  await editor.page.getByRole("menuitem", { name: "RWKV" }).hover();
  for (const key of ["ArrowRight", "ArrowDown", "Enter"]) await editor.page.keyboard.press(key);
  const reply = editor.chat.locator(".message.assistant");
  await reply.getByText("Their product is returned.").waitFor();
  await editor.chat.locator(".message.writing").waitFor({ state: "detached" });
  assert.equal(await reply.locator("strong").textContent(), "area");
  assert.match((await editor.chat.locator(".message.user").textContent()) ?? "", /area\.ts:1-3\s*\d\d tokens/);
  await editor.picture("sidebar-explained");
});

test("Document shows the documented selection as a diff", async () => {
  await selectAll();
  await editor.command("RWKV Code: Document");
  // The prompt ends like that of a rewrite, so the scripted model gives the same reply.
  await diff().getByText("RangeError").first().waitFor();
  await editor.page.getByRole("button", { name: "Reject Rewrite" }).click();
  await diff().waitFor({ state: "detached" });
  await editor.shows("the file as it was", (text) => text === area);
});

test("Write Tests opens the tests as a new document", async () => {
  await selectAll();
  await editor.command("RWKV Code: Write Tests");
  await editor.page.locator(".monaco-editor .view-line", { hasText: "assert.equal" }).waitFor();
  await editor.picture("tests");
});
