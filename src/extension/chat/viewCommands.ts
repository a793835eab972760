import * as vscode from "vscode";
import type { FromView } from "../../shared/chatMessages.js";
import { fittedCode, type FittedCode } from "../fittedCode.js";
import { showInformation } from "../notifications.js";
import { visibleText } from "../../shared/inertText.js";
import { editOrWarn } from "../readOnly.js";
import { applyCode, type OfferChange } from "./applyCode.js";
import { lastEditor } from "./attachmentSources.js";
import type { CompletionClient } from "../completionClient.js";

/** Messages of the view that do not change the conversation. */
type ViewCommand = Extract<
  FromView,
  { kind: "copy" | "insert" | "apply" | "newFile" | "openLink" | "openFile" | "getModel" | "selectModel" }
>;

export async function runViewCommand(
  message: ViewCommand,
  server: Pick<CompletionClient, "insertion">,
  offerChange: OfferChange,
): Promise<void> {
  switch (message.kind) {
    case "copy":
      return vscode.env.clipboard.writeText(message.code);
    case "insert":
      return insertAtCursor(message.code, server);
    case "newFile":
      return openAsNewFile(message.code, message.language);
    case "openLink":
      if (/^https?:/i.test(message.url)) await vscode.env.openExternal(vscode.Uri.parse(message.url));
      return;
    case "openFile":
      return openFile(message.path);
    case "apply":
      return applyCode(message.code, offerChange);
    case "getModel":
    case "selectModel":
      await vscode.commands.executeCommand(`rwkvCode.${message.kind}`);
  }
}

/** Inserts code at each cursor of the last used editor, or replaces the selections. Adapts the code's indentation. */
async function insertAtCursor(code: string, server: Pick<CompletionClient, "insertion">): Promise<void> {
  const editor = lastEditor();
  if (editor === undefined) {
    void showInformation(vscode.l10n.t("RWKV Code: Open a document to insert the code into."));
    return;
  }
  await vscode.window.showTextDocument(editor.document, editor.viewColumn);
  const placed: FittedCode[] = [];
  for (const range of editor.selections) placed.push(await fittedCode(server, editor.document, { range, text: code }));
  await editOrWarn(editor, (edit) => {
    for (const { range, text } of placed) edit.replace(range, text);
  });
}

/** Opens a file that a reply links to, if the workspace has it. */
async function openFile(path: string): Promise<void> {
  for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
    const file = vscode.Uri.joinPath(uri, path);
    if (!file.path.startsWith(uri.path.replace(/\/?$/, "/"))) continue; // the path leaves the folder with ..
    try {
      await vscode.window.showTextDocument(file);
      return;
    } catch {
      // The file may be in another folder.
    }
  }
  void showInformation(vscode.l10n.t("RWKV Code: The workspace has no file {0}.", visibleText(path)));
}

/** Opens code as a new untitled document. */
async function openAsNewFile(code: string, language: string): Promise<void> {
  const known = await vscode.languages.getLanguages();
  const wanted = aliases.get(language.toLowerCase()) ?? language.toLowerCase();
  const isKnown = known.includes(wanted);
  const document = await vscode.workspace.openTextDocument({ content: code, ...(isKnown ? { language: wanted } : {}) });
  await vscode.window.showTextDocument(document);
}

/** Language names in code fences that differ from VS Code's language identifiers. */
const aliases = new Map(
  Object.entries({
    ts: "typescript",
    tsx: "typescriptreact",
    js: "javascript",
    jsx: "javascriptreact",
    py: "python",
    rs: "rust",
    sh: "shellscript",
    bash: "shellscript",
    shell: "shellscript",
    "c++": "cpp",
    "c#": "csharp",
    cs: "csharp",
    rb: "ruby",
    yml: "yaml",
    md: "markdown",
  }),
);
