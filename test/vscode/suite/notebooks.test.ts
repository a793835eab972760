import assert from "node:assert/strict";
import * as vscode from "vscode";
import { ready, statistics, until } from "./editor.js";

const names = Array.from({ length: 30 }, (_, i) => `total_of_items = total_of_items + price_of_item${i}`).join("\n");

function cell(text: string, kind = vscode.NotebookCellKind.Code, languageId = "python"): vscode.NotebookCellData {
  return new vscode.NotebookCellData(kind, text, languageId);
}

/**
 * The number of tokens in a cell's document on the server, including the cells above; undefined if it is not open
 * there.
 */
async function tokensOf(notebook: vscode.NotebookDocument, index: number): Promise<number | undefined> {
  const uri = notebook.cellAt(index).document.uri.toString();
  return (await statistics())?.documents.find((document) => document.uri === uri)?.tokens;
}

suite("notebooks", () => {
  suiteTeardown(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  test("the code above a cell is read before it, even if a cell is added later", async () => {
    const cells = [cell(names), cell("# Text", vscode.NotebookCellKind.Markup, "markdown"), cell("x = 1")];
    const data = new vscode.NotebookData(cells);
    const notebook = await vscode.workspace.openNotebookDocument("jupyter-notebook", data);
    const editor = await vscode.window.showNotebookDocument(notebook);
    const editCell = async (index: number): Promise<void> => {
      editor.selection = new vscode.NotebookRange(index, index + 1);
      await vscode.commands.executeCommand("notebook.cell.edit");
    };
    await editCell(2);
    await ready();
    const all = await until("the first cell", () => tokensOf(notebook, 0));
    const own = 40;
    const withAbove = await until("the cell with the cells above it", async () => {
      const tokens = await tokensOf(notebook, 2);
      return tokens !== undefined && tokens > all - own ? tokens : undefined;
    });
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(1, [cell(names)])]);
    await vscode.workspace.applyEdit(edit);
    assert.equal(notebook.cellCount, 4);
    await editCell(0);
    await editCell(3);
    await until(
      "the new cell above",
      async () => ((await tokensOf(notebook, 3)) ?? 0) > withAbove + all / 2 || undefined,
    );
    assert.ok((await tokensOf(notebook, 0))! <= all);
  });
});
