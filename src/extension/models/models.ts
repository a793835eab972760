import path from "node:path";
import * as vscode from "vscode";
import type { ServerStatus } from "../../protocol.js";
import { CommandLine } from "./commandLine.js";
import { importModel } from "./importModel.js";
import type { ImportRequest } from "./importRequest.js";
import { manageModels, type ManageRequest } from "./manageModels.js";
import { ModelCards } from "./modelCards.js";
import { ModelLibrary } from "./modelLibrary.js";
import { selectModel } from "./selectModel.js";

export interface ModelsParts {
  readonly extension: vscode.ExtensionContext;
  /** What the setting `rwkvCode.model` names; empty: the embedded model. */
  readonly setting: () => string;
  readonly restart: () => Promise<void>;
}

/** The commands about models: each asks what to do, or does what it is given, as tests and other extensions want. */
export class Models implements vscode.Disposable {
  readonly #commandLine: CommandLine;
  readonly #library: ModelLibrary;
  readonly #cards: ModelCards;
  readonly #restart: () => Promise<void>;

  constructor({ extension, setting, restart }: ModelsParts) {
    this.#commandLine = new CommandLine(extension.asAbsolutePath("dist/cli.js"));
    this.#library = new ModelLibrary({
      embedded: extension.asAbsolutePath("models/default"),
      imported: path.join(extension.globalStorageUri.fsPath, "models"),
      setting,
      commandLine: this.#commandLine,
      memento: extension.globalState,
    });
    this.#cards = new ModelCards(this.#library);
    this.#restart = restart;
  }

  /** The server said how it is. */
  status(status: ServerStatus): Promise<void> {
    return this.#library.status(status);
  }

  /** @param setting chooses without asking. */
  select(setting?: unknown): Promise<void> {
    return saying(() => selectModel(this.#library, typeof setting === "string" ? setting : undefined));
  }

  /** @returns the folder that was made. */
  import(given?: ImportRequest): Promise<string | undefined> {
    const parts = { library: this.#library, commandLine: this.#commandLine, restart: this.#restart };
    return saying(() => importModel(parts, given));
  }

  manage(given?: ManageRequest): Promise<void> {
    const parts = { library: this.#library, cards: this.#cards, commandLine: this.#commandLine };
    return saying(() => manageModels(parts, given));
  }

  dispose(): void {
    this.#cards.dispose();
  }
}

/** An error is shown with its own words: VS Code would put the command's name around it. */
async function saying<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    void vscode.window.showErrorMessage(`RWKV Code: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
