import * as vscode from "vscode";
import type { CompletionClient } from "../completionClient.js";
import { showWarning } from "../notifications.js";

/** Does what it is told; or goes on with text, which the user wants all the same. */
export type InstructionMode = "instruct" | "continue";

/** What the loaded model can do with an instruction, and whether the user wants that. */
export class ModelCapabilities {
  readonly #client: CompletionClient;
  /** A model and a command that the user chose to go on with: not asked again while the window is open. */
  readonly #continuedAnyway = new Set<string>();

  constructor(client: CompletionClient) {
    this.#client = client;
  }

  /**
   * How a command is done. A model that was not trained to follow instructions is said to be so, with what helps.
   * @param otherwise what such a model can do instead; undefined where that is nothing.
   * @returns undefined where it is not to be done.
   */
  async modeFor(command: string, otherwise: string | undefined): Promise<InstructionMode | undefined> {
    await this.#client.start();
    const { chat, model } = await this.#client.model();
    if (chat !== "none") return "instruct";
    const key = `${command} ${model}`;
    if (this.#continuedAnyway.has(key)) return "continue";
    const importModel = vscode.l10n.t("Import a Model");
    const continueAnyway = vscode.l10n.t("Continue Anyway");
    const untrained = vscode.l10n.t("RWKV Code: The model that is loaded was not trained to follow instructions.");
    const picked =
      otherwise === undefined
        ? await showWarning(untrained, importModel)
        : await showWarning(`${untrained} ${otherwise}`, importModel, continueAnyway);
    if (picked === importModel) await vscode.commands.executeCommand("rwkvCode.importModel");
    if (picked !== continueAnyway) return undefined;
    this.#continuedAnyway.add(key);
    return "continue";
  }
}
