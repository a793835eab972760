import * as vscode from "vscode";
import type { ServerStatus } from "../../shared/protocol.js";
import { CommandLine } from "./commandLine.js";
import { importModel } from "./importModel.js";
import { manageModels } from "./manageModels.js";
import { ModelCards } from "./modelCards.js";
import { ModelLibrary } from "./modelLibrary.js";
import type { NamedModel } from "./namedModel.js";
import { selectModel } from "./selectModel.js";
import { errorMessage } from "../../shared/errorMessage.js";
import { showError, showWarning } from "../notifications.js";
import { importRequestOf, manageRequestOf } from "./given.js";

export interface ModelsParts {
  readonly extension: vscode.ExtensionContext;
  /** Folder that imports go into. */
  readonly imported: string;
  /** What the setting `rwkvCode.model` names. */
  readonly named: () => NamedModel;
  readonly restart: () => Promise<void>;
}

/** The commands about models. Each asks what to do; what its arguments say it does once the user agrees. */
export class Models implements vscode.Disposable {
  readonly #commandLine: CommandLine;
  readonly #library: ModelLibrary;
  readonly #cards: ModelCards;
  readonly #restart: () => Promise<void>;

  constructor({ extension, imported, named, restart }: ModelsParts) {
    this.#commandLine = new CommandLine(extension.asAbsolutePath("dist/cli.js"));
    this.#library = new ModelLibrary({
      embedded: extension.asAbsolutePath("models/default"),
      imported,
      named,
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

  /** @param given a model's name or folder; empty for the embedded model. */
  select(given?: unknown): Promise<void> {
    return showingErrors(() => selectModel(this.#library, typeof given === "string" ? given : undefined));
  }

  /** @returns the folder that was made. */
  import(given?: unknown): Promise<string | undefined> {
    const parts = { library: this.#library, commandLine: this.#commandLine, restart: this.#restart };
    return showingErrors(() => importModel(parts, importRequestOf(given)));
  }

  manage(given?: unknown): Promise<void> {
    const parts = { library: this.#library, cards: this.#cards, commandLine: this.#commandLine };
    return showingErrors(() => manageModels(parts, manageRequestOf(given)));
  }

  dispose(): void {
    this.#cards.dispose();
  }
}

/** Says that the model which the setting names is missing, and offers another. */
export async function sayMissing({ setting, folder }: NamedModel): Promise<void> {
  const { t } = vscode.l10n;
  const select = t("Select Model…");
  const message = t(
    "RWKV Code: the model {0} was not found ({1}). The extension's own model is used until it is there.",
    setting,
    folder,
  );
  const picked = await showWarning(message, select);
  if (picked === select) await vscode.commands.executeCommand("rwkvCode.selectModel");
}

/** An error is shown with its own words: VS Code would put the command's name around it. */
async function showingErrors<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    void showError(`RWKV Code: ${errorMessage(error)}`);
    return undefined;
  }
}
