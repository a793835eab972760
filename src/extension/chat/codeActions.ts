import * as vscode from "vscode";

/** Puts code where the cursor of the editor that was used last is, in place of what is selected. */
export async function insertAtCursor(code: string): Promise<void> {
  const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors[0];
  if (editor === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t("RWKV Code: Open a document to insert into"));
    return;
  }
  await vscode.window.showTextDocument(editor.document, editor.viewColumn);
  await editor.edit((edit) => {
    for (const selection of editor.selections) edit.replace(selection, code);
  });
}

/** Opens code as a new, unnamed document. */
export async function openAsNewFile(code: string, language: string): Promise<void> {
  const known = await vscode.languages.getLanguages();
  const wanted = aliases[language.toLowerCase()] ?? language.toLowerCase();
  const isKnown = known.includes(wanted);
  const document = await vscode.workspace.openTextDocument({ content: code, ...(isKnown ? { language: wanted } : {}) });
  await vscode.window.showTextDocument(document);
}

/** What fences call a language, where VS Code calls it otherwise. */
const aliases: Readonly<Record<string, string>> = {
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
};
