import * as vscode from "vscode";
import type { Server } from "../serverProcess.js";
import { showWarning } from "../notifications.js";

/** Does what it is told; or goes on with text, which the user wants all the same. */
export type Way = "instructed" | "goingOn";

/** What the loaded model can do with an instruction, and whether the user wants that. */
export class ModelAbilities {
  readonly #server: Server;
  /** A model and a command that the user chose to go on with: not asked again while the window is open. */
  readonly #goneOnWith = new Set<string>();

  constructor(server: Server) {
    this.#server = server;
  }

  /**
   * How a command is done. A model that was not trained to follow instructions is said to be so, with what helps.
   * @param otherwise what such a model can do instead; undefined where that is nothing.
   * @returns undefined where it is not to be done.
   */
  async wayOf(command: string, otherwise: string | undefined): Promise<Way | undefined> {
    await this.#server.start();
    const { chat, model } = await this.#server.model();
    if (chat !== "none") return "instructed";
    const key = `${command} ${model}`;
    if (this.#goneOnWith.has(key)) return "goingOn";
    const importModel = vscode.l10n.t("Import a Model");
    const goOn = vscode.l10n.t("Go On Anyway");
    const untrained = vscode.l10n.t("RWKV Code: The model that is loaded was not trained to follow instructions.");
    const picked =
      otherwise === undefined
        ? await showWarning(untrained, importModel)
        : await showWarning(`${untrained} ${otherwise}`, importModel, goOn);
    if (picked === importModel) await vscode.commands.executeCommand("rwkvCode.importModel");
    if (picked !== goOn) return undefined;
    this.#goneOnWith.add(key);
    return "goingOn";
  }
}
