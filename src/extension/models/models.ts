import path from "node:path";
import type * as vscode from "vscode";
import type { ServerStatus } from "../../protocol.js";
import { CommandLine } from "./commandLine.js";
import { importModel } from "./importModel.js";
import { manageModels } from "./manageModels.js";
import { ModelCards } from "./modelCards.js";
import { ModelLibrary } from "./modelLibrary.js";
import { selectModel } from "./selectModel.js";
import { errorMessage } from "../../shared/errorMessage.js";
import { showError } from "../notifications.js";
import { importRequestOf, manageRequestOf } from "./given.js";

export interface ModelsParts {
  readonly extension: vscode.ExtensionContext;
  /** What the setting `rwkvCode.model` names; empty: the embedded model. */
  readonly setting: () => string;
  readonly restart: () => Promise<void>;
}

/** The commands about models. Each asks what to do; what its arguments say it does once the user agrees. */
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

  /** @param setting a model's folder; empty for the embedded model. */
  select(setting?: unknown): Promise<void> {
    return saying(() => selectModel(this.#library, typeof setting === "string" ? setting : undefined));
  }

  /** @returns the folder that was made. */
  import(given?: unknown): Promise<string | undefined> {
    const parts = { library: this.#library, commandLine: this.#commandLine, restart: this.#restart };
    return saying(() => importModel(parts, importRequestOf(given)));
  }

  manage(given?: unknown): Promise<void> {
    const parts = { library: this.#library, cards: this.#cards, commandLine: this.#commandLine };
    return saying(() => manageModels(parts, manageRequestOf(given)));
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
    void showError(`RWKV Code: ${errorMessage(error)}`);
    return undefined;
  }
}
