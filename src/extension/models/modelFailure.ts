import path from "node:path";
import * as vscode from "vscode";
import type { ServerStatus } from "../../shared/protocol.js";
import { showError } from "../notifications.js";

/** A command that helps the user if a model cannot be loaded. */
export interface Remedy {
  readonly label: string;
  readonly command: string;
  readonly args: readonly unknown[];
}

/** True if the reason names the embedded model's folder, so that one of its files is probably damaged or missing. */
function isEmbeddedDamaged(reason: string, embedded: string): boolean {
  return reason.includes(embedded + path.sep) || reason.includes(`${embedded}:`);
}

/** The remedy for a failure. @param embedded the folder of the model that comes with the extension. */
export function remedyOf(reason: string, embedded: string): Remedy {
  const { t } = vscode.l10n;
  if (!isEmbeddedDamaged(reason, embedded)) {
    return { label: t("Select Model…"), command: "rwkvCode.selectModel", args: [] };
  }
  // The extension's page has the buttons to uninstall and to install.
  return { label: t("Reinstall…"), command: "extension.open", args: ["rwkv-code.rwkv-code"] };
}

/** Describes the failure to the user. If the embedded model is damaged, also says what to do. */
export function failedModelText(reason: string, embedded: string): string {
  const { t } = vscode.l10n;
  if (!isEmbeddedDamaged(reason, embedded)) return reason;
  // The output channel has the reason.
  return t("The model that comes with the extension is damaged. Reinstall the extension.");
}

/**
 * Tells the user that the model cannot be loaded, because the status item alone is easily missed. Each reason is shown
 * once, and again only after a model has been loaded.
 */
export class ModelFailure {
  readonly #embedded: string;
  readonly #shown = new Set<string>();

  constructor(embedded: string) {
    this.#embedded = embedded;
  }

  async status(status: ServerStatus): Promise<void> {
    if (status.kind === "ready") this.#shown.clear();
    if (status.kind !== "failed" || this.#shown.has(status.reason)) return;
    this.#shown.add(status.reason);
    const remedy = remedyOf(status.reason, this.#embedded);
    const showOutput = vscode.l10n.t("Show Output");
    const message = `RWKV Code: ${failedModelText(status.reason, this.#embedded)}`;
    const picked = await showError(message, remedy.label, showOutput);
    if (picked === remedy.label) await vscode.commands.executeCommand(remedy.command, ...remedy.args);
    if (picked === showOutput) await vscode.commands.executeCommand("rwkvCode.showOutput");
  }
}
