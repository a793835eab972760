import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import test, { after, before } from "node:test";
import { writeTalkingModel } from "../support/talkingModel.js";
import { Editor } from "./editor.js";

const area = "export function area(width: number, height: number): number {\n  return width * height;\n}\n";
const volume = [
  "/** Of a box. */",
  "export function volume(width: number, height: number, depth: number): number {",
  "  return area(width, height) * depth;",
  "}",
];
/** How the prompt of a command ends: what the model by heart answers to. */
function endOf(prompt: string): string {
  const lines = readFileSync(`prompts/${prompt}.md`, "utf8").trimEnd().split("\n");
  return `${lines.at(-1)!}\n\nAssistant:`;
}

let folder: string;
let editor: Editor;
before(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-talking-"));
  writeTalkingModel(folder, {
    name: "made-for-this-test",
    chat: "world",
    sayings: [{ after: endOf("instruction"), says: ` Here it is:\n\`\`\`typescript\n${volume.join("\n")}\n\`\`\`` }],
  });
  editor = await Editor.start(area, { "rwkvCode.model": folder });
});
after(async () => {
  await editor.stop();
  rmSync(folder, { recursive: true });
});

async function instruct(command: string, instruction: string): Promise<void> {
  await editor.command(`RWKV Code: ${command}`);
  await editor.page.getByPlaceholder("Say what is to be done").fill(instruction);
  await editor.page.locator(".quick-input-list .monaco-list-row", { hasText: instruction }).first().waitFor();
  await editor.page.keyboard.press("Enter");
}

/** One undo, in the editor of the file. */
async function undo(): Promise<void> {
  await editor.toEnd();
  await editor.page.keyboard.press("Control+z");
}

test("what an instruction asks for is written at the cursor, code alone; one undo removes all of it", async () => {
  await editor.toEnd();
  await instruct("Generate from Instruction", "the volume of a box");
  await editor.shows("the function", (text) => text === area + volume.join("\n"));
  await undo();
  await editor.shows("the file as it was", (text) => text === area);
});
