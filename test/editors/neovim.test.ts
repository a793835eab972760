import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { findNeovim, Neovim } from "./neovim.js";
import { above, documentedConfiguration, Project, typed, until } from "./project.js";

const installed = findNeovim();
const skip = typeof installed === "string" && installed;
let project: Project;
let editor: Neovim;

before(async () => {
  if (typeof installed === "string") return;
  project = new Project();
  editor = new Neovim(installed, project, documentedConfiguration("Neovim", "lua"));
  await until("Neovim", () => editor.value("vim.fn.getpid()"));
});

after(() => {
  if (skip !== false) return;
  editor.kill();
  project.remove();
});

/**
 * Types the line `typed` below the others. Retypes its last character until ghost text is shown, because the model may
 * still be loading.
 */
async function typeUntilShown(): Promise<string> {
  editor.type(`<Esc>Go${typed}`);
  return until("ghost text", async () => {
    editor.type("<BS>,");
    return editor.ghostText(1000).catch(() => undefined);
  });
}

/** Undoes everything that was typed in insert mode, and waits until the original text is back. */
async function undo(): Promise<void> {
  editor.type("<Esc>u");
  await until("the text as it was", () => editor.lines.join("\n") === above.trimEnd() + "\n" || undefined);
}

test("Neovim shows ghost text while typing, and Tab accepts all of it", { skip }, async () => {
  const shown = await typeUntilShown();
  editor.type("<Tab>");
  const [first = ""] = shown.split("\n");
  await until("the accepted text", () => editor.lines.includes(typed + first) || undefined);
  await undo();
});

test("a key accepts a word, and the remaining text is shown again", { skip }, async () => {
  const shown = await typeUntilShown();
  const [word = ""] = /^\s*\w+/.exec(shown) ?? [];
  assert.ok(word !== "" && word !== shown, shown);
  editor.type("<C-l>");
  await until("the accepted word", () => editor.lines.includes(typed + word) || undefined);
  assert.ok(shown.startsWith(word + (await editor.ghostText()).split("\n")[0]!.slice(0, 3)));
  await undo();
});

test("no warning or error is shown, and it quits", { skip }, async () => {
  const messages = String(editor.value("vim.fn.execute('messages')")).split("\n");
  // After an undo, Neovim reports how many lines were removed. No other message may appear.
  assert.deepEqual(
    messages.filter((line) => line !== "" && !/; before #\d/.test(line)),
    [],
  );
  assert.doesNotMatch(project.textInHome(".local/state/nvim/lsp.log"), /\[(WARN|ERROR)\]/);
  assert.equal(await editor.quit(), 0);
});
