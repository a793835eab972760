import * as vscode from "vscode";
import { inertText } from "../../shared/inertText.js";

/** Offers quick fixes for problems if the model was trained to follow instructions. */
export class FixActions implements vscode.CodeActionProvider {
  static readonly metadata = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };
  readonly #canFix: (document: vscode.TextDocument) => boolean;

  /** @param canFix whether the model follows instructions and may read the document. */
  constructor(canFix: (document: vscode.TextDocument) => boolean) {
    this.#canFix = canFix;
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    if (!this.#canFix(document)) return [];
    return diagnostics.map((diagnostic) => {
      const { message, range } = diagnostic;
      const { t } = vscode.l10n;
      // If there are several problems, each title quotes its problem.
      const title =
        diagnostics.length === 1 ? t("Fix with RWKV Code") : t("Fix with RWKV Code: {0}", inertText(message));
      const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      action.command = { command: "rwkvCode.fixProblem", title, arguments: [message, range.start.line] };
      action.diagnostics = [diagnostic];
      return action;
    });
  }
}
