import * as vscode from "vscode";
import { inertText } from "../shared/inertText.js";

/**
 * Every notification and dialog of the extension. VS Code makes links of Markdown in them, links to commands included, so
 * what they say is made inert here: whoever writes a message need not know what it quotes. Lint forbids VS Code's own.
 */

export function showError(message: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showErrorMessage(inertText(message), ...buttons);
}

export function showWarning(message: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(inertText(message), ...buttons);
}

export function showInformation(message: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showInformationMessage(inertText(message), ...buttons);
}

/** A dialog that has to be answered. @returns the button; undefined if the user cancels. */
export function ask(message: string, detail: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(inertText(message), { modal: true, detail: inertText(detail) }, ...buttons);
}

/** Reports what is being done. */
export type Progress = vscode.Progress<{ readonly message: string; readonly increment?: number }>;

/** Shows that something takes a while; the user can cancel it. */
export function withProgress<T>(
  title: string,
  work: (progress: Progress, cancellation: vscode.CancellationToken) => Promise<T>,
): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, title: inertText(title), cancellable: true };
  return vscode.window.withProgress(options, (progress, cancellation) => {
    const report: Progress["report"] = ({ message, ...rest }) => {
      progress.report({ message: inertText(message), ...rest });
    };
    return work({ report }, cancellation);
  });
}

/**
 * Asks before something is done that a command's arguments say: any extension can pass them, and so can a link.
 * @param question what would be done. @returns true if the user agrees.
 */
export async function isAgreed(question: string, yes: string): Promise<boolean> {
  const origin = vscode.l10n.t("Another extension or a link asks for this.");
  return (await showWarning(`RWKV Code: ${question} ${origin}`, yes)) === yes;
}
