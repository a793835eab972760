import assert from "node:assert/strict";
import path from "node:path";
import * as vscode from "vscode";
import type { CompletionCounts } from "../../../src/extension/counts.js";
import {
  acceptGhostText,
  answered,
  open,
  openNew,
  ready,
  serverPid,
  statistics,
  type,
  until,
  workspace,
} from "./editor.js";

const above = "export function add(first: number, second: number): number {\n  return first + second;\n}\n\n";

const allCounts = (): Thenable<CompletionCounts> => vscode.commands.executeCommand("rwkvCode.completionCounts");

/** The counts at the start of a test. They are subtracted from later ones, because a reset would open a dialog. */
let before: CompletionCounts | undefined;

async function counts(): Promise<CompletionCounts> {
  const start: Partial<Record<string, number>> = { ...before };
  const since = Object.entries(await allCounts()).map(([name, count]) => [
    name,
    (count as number) - (start[name] ?? 0),
  ]);
  return Object.fromEntries(since) as CompletionCounts; // same names as in the counts
}

/** How many requests ran the model. */
function ran({ exact, converged, stale, window }: Record<"exact" | "converged" | "stale" | "window", number>): number {
  return exact + converged + stale + window;
}

/** Opens a new document, and types text that gets a completion. From there on, `counts` starts at zero. */
async function countingFromZero(): Promise<vscode.TextEditor> {
  const editor = await openNew("typescript", above);
  await ready();
  before = await allCounts();
  await type("export function subtract(first: number,");
  return editor;
}

function countsOnceAccepted(): Promise<CompletionCounts> {
  return until("the acceptance", async () => {
    const now = await counts();
    return now.accepted === 1 ? now : undefined;
  });
}

suite("ghost text and its surroundings", () => {
  suiteTeardown(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  test("an untitled document is completed", async () => {
    const editor = await openNew("typescript", above);
    await ready();
    await type("export function subtract(first: number,");
    assert.notEqual(await acceptGhostText(editor), "");
  });

  test("a block that was shown stays while its text is typed, without a model run", async () => {
    const opener = "export function subtract(first: number, second: number): number {\n";
    const first = await openNew("typescript", above);
    await ready();
    await type(opener);
    const block = (await acceptGhostText(first)).trimStart();
    assert.ok(block.length > 8, block);
    // Shows the same block in a new document, and types its first characters.
    const editor = await openNew("typescript", above);
    const { shown } = (await statistics())!.requests;
    await type(opener);
    await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
    const before = await until("the block", async () => {
      const { requests } = (await statistics())!;
      return requests.shown > shown ? requests : undefined;
    });
    await type(block.slice(0, 4));
    assert.equal(await acceptGhostText(editor), block.slice(4));
    const after = (await statistics())!.requests;
    assert.equal(ran(after), ran(before));
  });

  test("a word can be accepted, and the remaining text is the next ghost text, without a model run", async () => {
    const editor = await openNew("typescript", above);
    await ready();
    await type("export function subtract(first: number,");
    const before = editor.document.getText();
    await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
    await until("a word of ghost text", async () => {
      await vscode.commands.executeCommand("editor.action.inlineSuggest.acceptNextWord");
      return editor.document.getText() === before ? undefined : true;
    });
    const { requests } = (await statistics())!;
    const word = editor.document.getText().slice(before.length);
    const rest = await acceptGhostText(editor);
    assert.ok(word.length > 0 && rest.length > 0);
    const after = (await statistics())!.requests;
    assert.equal(ran(after), ran(requests));
  });

  test("a selected entry of the suggestion popup is extended over its own range", async () => {
    const provider = vscode.languages.registerCompletionItemProvider("typescript", {
      provideCompletionItems: () => [new vscode.CompletionItem("second"), new vscode.CompletionItem("seldom")],
    });
    try {
      const editor = await openNew("typescript", above);
      await ready();
      await type("export function product(first: number, second: number): number {\n");
      await type("return first * sec");
      await vscode.commands.executeCommand("editor.action.triggerSuggest");
      await until("the popup's entry and more as ghost text", async () => {
        await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
        await vscode.commands.executeCommand("editor.action.inlineSuggest.commit");
        const text = editor.document.lineAt(editor.selection.active.line).text;
        return /return first \* second./.test(text) ? true : undefined;
      });
    } finally {
      provider.dispose();
    }
  });

  test("an entry of the popup is accepted as if there were no ghost text", async () => {
    const provider = vscode.languages.registerCompletionItemProvider("typescript", {
      provideCompletionItems: () => [new vscode.CompletionItem("seldomUsedName")],
    });
    try {
      const editor = await openNew("typescript", above);
      await ready();
      await type("const a = sel");
      await vscode.commands.executeCommand("editor.action.triggerSuggest");
      await until("the entry in the document", async () => {
        await vscode.commands.executeCommand("acceptSelectedSuggestion");
        return editor.document.getText().endsWith("seldomUsedName") ? true : undefined;
      });
    } finally {
      provider.dispose();
    }
  });

  test("an excluded file never reaches the server", async () => {
    await open(".env");
    await type("SECRET=");
    await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
    const { documents } = await ready();
    assert.equal(
      documents.some(({ uri }) => uri.endsWith(".env")),
      false,
    );
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  test("turning a language off closes its documents in the server; turning it on opens them again", async () => {
    const editor = await open("src/small.ts");
    await ready();
    const isOpen = async (): Promise<boolean> =>
      (await statistics())!.documents.some(({ uri }) => uri === editor.document.uri.toString());
    await until("the document to be open in the server", async () => ((await isOpen()) ? true : undefined));
    await vscode.commands.executeCommand("rwkvCode.toggleLanguage");
    await until("the document to leave", async () => ((await isOpen()) ? undefined : true));
    const before = await answered();
    await type("const a =");
    await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
    assert.equal(await answered(), before);
    await vscode.commands.executeCommand("rwkvCode.toggleLanguage");
    await until("the document to come back", async () => ((await isOpen()) ? true : undefined));
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  test("a document that was too large is opened in the server once it no longer is", async () => {
    await ready();
    const configuration = vscode.workspace.getConfiguration("rwkvCode");
    await configuration.update("maxLines", 3, vscode.ConfigurationTarget.Global);
    try {
      const editor = await openNew("typescript", above);
      const uri = editor.document.uri.toString();
      const isOpen = async (): Promise<boolean> => (await statistics())!.documents.some((one) => one.uri === uri);
      assert.equal(await isOpen(), false);
      await editor.edit((edit) => {
        edit.delete(new vscode.Range(1, 0, 4, 0));
      });
      await until("the document to be open in the server", async () => ((await isOpen()) ? true : undefined));
      // The text that is typed now gets a completion, so the server has the document's current text.
      await type("export const total = add(1,");
      assert.notEqual(await acceptGhostText(editor), "");
    } finally {
      await configuration.update("maxLines", undefined, vscode.ConfigurationTarget.Global);
    }
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  test("the statistics are one page, however often they are shown", async () => {
    await vscode.commands.executeCommand("rwkvCode.showStatistics");
    const isPage = ({ input }: vscode.Tab): boolean =>
      input instanceof vscode.TabInputWebview && input.viewType.endsWith("rwkvCode.statistics");
    const pages = (): readonly vscode.Tab[] => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(isPage));
    await until("the page", () => (pages().length === 1 ? true : undefined));
    await vscode.commands.executeCommand("rwkvCode.showStatistics");
    assert.equal(pages().length, 1);
    await vscode.window.tabGroups.close(pages());
  });

  test("accepted text is counted", async () => {
    const editor = await countingFromZero();
    const inserted = await acceptGhostText(editor);
    const { asked, shown, partlyAccepted, charactersAccepted } = await countsOnceAccepted();
    assert.equal(charactersAccepted, inserted.length);
    assert.equal(partlyAccepted, 0);
    assert.ok(shown >= 1 && asked >= shown, `asked ${asked}, shown ${shown}`);
  });

  test("an accepted word counts as a partial acceptance, and the full acceptance as one", async () => {
    const editor = await countingFromZero();
    await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
    const before = editor.document.getText();
    await until("a word of ghost text", async () => {
      await vscode.commands.executeCommand("editor.action.inlineSuggest.acceptNextWord");
      return (await counts()).partlyAccepted === 1 ? true : undefined;
    });
    await acceptGhostText(editor);
    const { charactersAccepted, partlyAccepted } = await countsOnceAccepted();
    assert.equal(partlyAccepted, 0);
    // May be fewer than were inserted: an accepted single character, such as the space before a word, looks like a
    // keystroke.
    assert.ok(charactersAccepted > 0 && charactersAccepted <= editor.document.getText().length - before.length);
  });

  test("a suggestion that is typed by hand to its end counts as neither accepted nor rejected", async () => {
    const editor = await countingFromZero();
    const text = await acceptGhostText(editor);
    await countsOnceAccepted();
    await vscode.commands.executeCommand("undo");
    const { shown } = await counts();
    await until("the suggestion again", async () => {
      await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
      return (await counts()).shown > shown ? true : undefined;
    });
    await type(text);
    await until("its end", async () => ((await counts()).typedOut === 1 ? true : undefined));
    assert.equal((await counts()).accepted, 1);
  });

  test("every command in the manifest exists, and no key is bound except Escape while text is written", () => {
    const manifest = vscode.extensions.getExtension("rwkv-code.rwkv-code")?.packageJSON as {
      contributes: { commands: { command: string }[]; keybindings: { key: string; when: string }[] };
    };
    const keys = manifest.contributes.keybindings.map(({ key, when }) => `${key}: ${when}`);
    assert.deepEqual(keys, ["escape: rwkvCode.generating && editorTextFocus"]);
    return Promise.resolve(vscode.commands.getCommands(true)).then((all) => {
      for (const { command } of manifest.contributes.commands) assert.ok(all.includes(command), command);
    });
  });

  test("the extension runs from the folder of its installation, without node_modules", async () => {
    const extension = vscode.extensions.getExtension("rwkv-code.rwkv-code");
    assert.ok(extension?.extensionPath.startsWith(path.dirname(workspace)));
    assert.ok(extension !== undefined);
    const files = await vscode.workspace.fs.readDirectory(vscode.Uri.file(extension.extensionPath));
    assert.equal(
      files.some(([name]) => name === "node_modules"),
      false,
    );
  });

  test("restarted again while starting, the server has the open documents", async () => {
    const editor = await open("src/small.ts");
    await ready();
    const restart = (): Thenable<unknown> => vscode.commands.executeCommand("rwkvCode.restartServer");
    const first = [restart(), restart()];
    await new Promise(setImmediate); // lets the second restart begin
    await Promise.all([...first, restart()]);
    await type("const a =");
    const { documents } = await ready();
    assert.ok(documents.some(({ uri }) => uri === editor.document.uri.toString()));
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  test("a server that keeps crashing is not restarted until the user asks", async () => {
    await open("src/small.ts");
    await ready();
    let deaths = 0;
    for (let pid = await serverPid(); pid !== undefined && deaths < 9; pid = await serverPid()) {
      process.kill(pid, "SIGKILL");
      deaths++;
      const killed = pid;
      await until("the server to be gone", async () => ((await serverPid()) === killed ? undefined : true));
    }
    // 5 if another suite has killed the server once within the same minutes.
    assert.ok(deaths === 4 || deaths === 5, `${deaths} deaths`);
    await openNew("typescript", above);
    assert.equal(await serverPid(), undefined);
    await vscode.commands.executeCommand("rwkvCode.restartServer");
    await ready();
  });
});
