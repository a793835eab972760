import * as vscode from "vscode";
import { symbolsOf } from "../chat/attachmentPicker.js";
import type { EditorGeneration } from "../editorGeneration.js";
import { showInformation } from "../notifications.js";
import { codeOf } from "./codeInReply.js";
import type { ModelCapabilities } from "./modelCapabilities.js";
import { promptDocument, selectedIn } from "./promptParts.js";
import { documentPrompt, fixPrompt, testsPrompt } from "./prompts.js";
import { absenceText, type Rewriter } from "./rewriter.js";

export interface CodeCommandDependencies {
  readonly generation: Pick<EditorGeneration, "editor">;
  readonly capabilities: Pick<ModelCapabilities, "modeFor">;
  readonly rewriter: Rewriter;
}

/** How many lines to rewrite before and after a problem that is not inside a function or type. */
const linesAround = 10;

/** Commands with a fixed instruction. The model must have been trained to follow instructions. */
export class CodeCommands {
  readonly #dependencies: CodeCommandDependencies;

  constructor(dependencies: CodeCommandDependencies) {
    this.#dependencies = dependencies;
  }

  /** Adds documentation comments to the selection, or to the symbol at the cursor. */
  async document(): Promise<void> {
    const editor = this.#dependencies.generation.editor("writeInto");
    const range = editor && (await this.#meantBy(editor));
    if (editor === undefined || range === undefined) return;
    const { document } = editor;
    await this.#rewrite(document, range, (selection) => documentPrompt(promptDocument(document), selection));
  }

  /** Writes tests for the selection, or for the symbol at the cursor, as a new document. */
  async writeTests(): Promise<void> {
    const { generation, rewriter } = this.#dependencies;
    const editor = generation.editor("readSelection");
    const range = editor && (await this.#meantBy(editor));
    if (editor === undefined || range === undefined || !(await this.#canInstruct())) return;
    const { document } = editor;
    const message = testsPrompt(promptDocument(document), document.getText(range));
    const reply = await rewriter.replyTo(message, vscode.l10n.t("RWKV Code is writing tests (press Escape to stop)"));
    if (reply === undefined) return;
    const content = codeOf(reply.text);
    if (content === "") {
      void showInformation(`RWKV Code: ${absenceText("none")}`);
      return;
    }
    const tests = await vscode.workspace.openTextDocument({ language: document.languageId, content: `${content}\n` });
    await vscode.window.showTextDocument(tests, vscode.ViewColumn.Beside);
  }

  /**
   * Fixes a problem in the active editor.
   * @param message the message of the problem that starts on `line`. If it is absent, the first problem on the
   * cursor's line is fixed.
   */
  async fixProblem(message?: unknown, line?: unknown): Promise<void> {
    const editor = this.#dependencies.generation.editor("writeInto");
    if (editor === undefined) return;
    const { document, selection } = editor;
    const cursorLine = document.lineAt(selection.active.line).range;
    const problem = vscode.languages.getDiagnostics(document.uri).find((one) => {
      if (message === undefined) return one.range.intersection(cursorLine) !== undefined;
      return one.message === message && one.range.start.line === line;
    });
    if (problem === undefined) {
      void showInformation(vscode.l10n.t("RWKV Code: There is no problem at the cursor."));
      return;
    }
    const range = (await symbolAround(document, problem.range)) ?? linesNear(document, problem.range);
    const lineInRange = problem.range.start.line - range.start.line + 1;
    await this.#rewrite(document, range, (selection) =>
      fixPrompt(promptDocument(document), { selection, line: lineInRange, problem: problem.message }),
    );
  }

  async #rewrite(
    document: vscode.TextDocument,
    range: vscode.Range,
    promptFor: (selection: string) => string,
  ): Promise<void> {
    const selected = selectedIn(document, range);
    if (!(await this.#canInstruct())) return;
    await this.#dependencies.rewriter.rewrite(document, selected, promptFor(selected.text));
  }

  async #canInstruct(): Promise<boolean> {
    return (await this.#dependencies.capabilities.modeFor("code", undefined)) === "instruct";
  }

  /** The selection, or the symbol at the cursor. If there is neither, tells the user to select something. */
  async #meantBy({ document, selection }: vscode.TextEditor): Promise<vscode.Range | undefined> {
    const range = selection.isEmpty ? await symbolAround(document, selection) : selection;
    if (range === undefined) void showInformation(vscode.l10n.t("RWKV Code: Select some code first."));
    return range;
  }
}

/** Kinds of symbols that are documented, tested and fixed as a whole. */
const wholeKinds = new Set([
  vscode.SymbolKind.Function,
  vscode.SymbolKind.Method,
  vscode.SymbolKind.Constructor,
  vscode.SymbolKind.Class,
  vscode.SymbolKind.Interface,
  vscode.SymbolKind.Struct,
  vscode.SymbolKind.Enum,
]);

/** The innermost function or type that contains a range. */
async function symbolAround(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.Range | undefined> {
  const symbols = await symbolsOf(document);
  // Inner symbols follow the outer ones.
  return symbols.findLast((symbol) => wholeKinds.has(symbol.kind) && symbol.range.contains(range))?.range;
}

function linesNear(document: vscode.TextDocument, { start, end }: vscode.Range): vscode.Range {
  const first = Math.max(0, start.line - linesAround);
  const last = Math.min(document.lineCount - 1, end.line + linesAround);
  return new vscode.Range(first, 0, last, document.lineAt(last).text.length);
}
