import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import test, { after, before } from "node:test";
import { commitPrompt } from "../../src/extension/instructions/prompts.js";
import { writeScriptedChatModel } from "../support/scriptedChatModel.js";
import { Editor, type EditorPlaces } from "./editor.js";

const message = "Name the height";
const skip = spawnSync("git", ["--version"]).status === 0 ? false : "Git is not installed";

let folder: string;
let editor: Editor;
before(async () => {
  if (skip !== false) return;
  folder = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-talking-"));
  const reply = { after: `${commitPrompt("").split("\n").at(-1)!}\n\nAssistant:`, says: ` ${message}` };
  writeScriptedChatModel(folder, { name: "made-for-this-test", chat: "world", replies: [reply] });
  editor = await Editor.start("", { "rwkvCode.model": folder }, { prepare: stageChange });
});
after(async () => {
  if (skip !== false) return;
  await editor.stop();
  rmSync(folder, { recursive: true });
});

/** Makes the workspace a Git repository with a staged change. */
function stageChange({ workspace }: EditorPlaces): void {
  const file = path.join(workspace, "sizes.txt");
  const git = (...args: readonly string[]): void => {
    const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
    execFileSync("git", [...identity, ...args], { cwd: workspace });
  };
  writeFileSync(file, "width\n");
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "--message", "Begin");
  writeFileSync(file, "width\nheight\n");
  git("add", ".");
}

test("the button of the Source Control view writes the message of a commit", { skip }, async () => {
  const { page } = editor;
  await page
    .locator(".activitybar")
    .getByRole("tab", { name: /Source Control/ })
    .click();
  const box = page.locator(".scm-view .scm-editor");
  await box.waitFor();
  await box.hover(); // the buttons of the view's title appear only then
  await page.getByRole("button", { name: "Commit Message" }).first().click();
  await box.getByText(message).waitFor();
  await editor.picture("commit-message");
});
