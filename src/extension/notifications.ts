import * as vscode from "vscode";
import { inertText } from "../shared/inertText.js";

/**
 * All notifications and modal messages of the extension. VS Code renders Markdown links in them, including links to
 * commands. So all texts are made inert here, whatever they quote. Lint forbids VS Code's own functions elsewhere.
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

/** Shows a modal dialog. @returns the chosen button; undefined if the user cancels. */
export function ask(message: string, detail: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(inertText(message), { modal: true, detail: inertText(detail) }, ...buttons);
}

/** Receives the progress of a task. `increment` is in percent. */
export type Progress = vscode.Progress<{ readonly message: string; readonly increment?: number }>;

/** Shows progress that the user can cancel. */
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
 * Asks the user to confirm what a command's arguments request, because any extension or link can run a command.
 * @param question asks whether to do what the arguments request. @returns true if the user agrees.
 */
export async function isAgreed(question: string, yes: string): Promise<boolean> {
  const origin = vscode.l10n.t("This was requested by another extension or a link.");
  return (await showWarning(`RWKV Code: ${question} ${origin}`, yes)) === yes;
}
