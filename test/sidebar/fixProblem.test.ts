import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import test, { after, before } from "node:test";
import { fixPrompt } from "../../src/extension/instructions/prompts.js";
import { writeScriptedChatModel } from "../support/scriptedChatModel.js";
import { Editor, type EditorPlaces } from "./editor.js";

const twice = '{ "width": 1, "width": 2 }\n';
const once = '{ "width": 2 }\n';
const problem = "Duplicate object key"; // VS Code's message
const prompt = fixPrompt({ file: "", language: "" }, { selection: "", line: 1, problem });

let folder: string;
let editor: Editor;
before(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-talking-"));
  const reply = {
    after: `${prompt.slice(prompt.indexOf(problem))}\n\nAssistant:`,
    says: ` \`\`\`json\n${once}\`\`\``,
  };
  writeScriptedChatModel(folder, { name: "made-for-this-test", chat: "world", replies: [reply] });
  const prepare = ({ workspace }: EditorPlaces): void => {
    writeFileSync(path.join(workspace, "twice.json"), twice);
  };
  editor = await Editor.start("", { "rwkvCode.model": folder }, { prepare });
});
after(async () => {
  await editor.stop();
  rmSync(folder, { recursive: true });
});

test("a quick fix shows a file without its problem as a diff; accepted, the problem is gone", async () => {
  const { page } = editor;
  const diff = page.locator(".monaco-diff-editor");
  await editor.command("View: Close All Editors");
  await page.keyboard.press("Control+p");
  await page.locator(".quick-input-widget input").first().fill("twice.json");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "twice.json" }).first().click();
  await page.locator(".editor-instance .squiggly-warning").first().waitFor();
  await page.locator(".editor-instance .view-lines").first().click();
  await page.keyboard.press("Control+Home");
  for (let right = 0; right < 4; right++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Control+.");
  const action = page.locator(".action-widget .monaco-list-row", { hasText: "Fix with RWKV Code" });
  await action.waitFor();
  await editor.picture("fix-problem");
  await action.click();
  await diff.waitFor();
  await editor.picture("fix-problem-diff");
  await page.getByRole("button", { name: "Accept Rewrite" }).click();
  await diff.waitFor({ state: "detached" });
  await editor.shows("the file without the problem", (text) => text === once);
  await page.locator(".editor-instance .squiggly-warning").first().waitFor({ state: "detached" });
});
