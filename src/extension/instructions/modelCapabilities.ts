import * as vscode from "vscode";
import type { CompletionClient } from "../completionClient.js";
import { showWarning } from "../notifications.js";

/** "instruct": the model follows the instruction. "continue": it only continues text, as the user has accepted. */
export type InstructionMode = "instruct" | "continue";

/** Decides how the loaded model handles an instruction, asking the user if it was not trained to follow any. */
export class ModelCapabilities {
  readonly #client: CompletionClient;
  /** Pairs of command and model for which the user chose Continue Anyway. This window does not ask again for these. */
  readonly #continuedAnyway = new Set<string>();

  constructor(client: CompletionClient) {
    this.#client = client;
  }

  /**
   * Decides how to run a command. Warns if the model was not trained to follow instructions.
   * @param otherwise what such a model can do instead; undefined if it can do nothing.
   * @returns undefined if the command should not run.
   */
  async modeFor(command: string, otherwise: string | undefined): Promise<InstructionMode | undefined> {
    await this.#client.start();
    const { chat, model } = await this.#client.model();
    if (chat !== "none") return "instruct";
    const key = `${command} ${model}`;
    if (this.#continuedAnyway.has(key)) return "continue";
    const getModel = vscode.l10n.t("Get a Model…");
    const selectModel = vscode.l10n.t("Select Model…");
    const continueAnyway = vscode.l10n.t("Continue Anyway");
    const untrained = vscode.l10n.t(
      "RWKV Code: {0} was not trained to follow instructions. Get a model that chats, or select one.",
      model,
    );
    const picked =
      otherwise === undefined
        ? await showWarning(untrained, getModel, selectModel)
        : await showWarning(`${untrained} ${otherwise}`, getModel, selectModel, continueAnyway);
    if (picked === getModel) await vscode.commands.executeCommand("rwkvCode.getModel");
    if (picked === selectModel) await vscode.commands.executeCommand("rwkvCode.selectModel");
    if (picked !== continueAnyway) return undefined;
    this.#continuedAnyway.add(key);
    return "continue";
  }
}
