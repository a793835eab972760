import * as vscode from "vscode";
import type { ServerStatus } from "../../shared/protocol.js";
import { AccessTokens, suggestedTokenHost } from "./accessTokens.js";
import { CommandLine } from "./commandLine.js";
import { getModel } from "./getModel.js";
import { importModel, type ImportParts } from "./importModel.js";
import { manageModels } from "./manageModels.js";
import { ModelCards } from "./modelCards.js";
import { ModelLibrary } from "./modelLibrary.js";
import type { NamedModel } from "./namedModel.js";
import { PublishedModels } from "./publishedModels.js";
import { selectModel } from "./selectModel.js";
import { errorMessage } from "../../shared/errorMessage.js";
import { showError, showWarning } from "../notifications.js";
import { importRequestOf, manageRequestOf } from "./given.js";

export interface ModelsParts {
  readonly extension: vscode.ExtensionContext;
  /** Folder of the imported models. */
  readonly imported: string;
  /** The model that the setting `rwkvCode.model` names. */
  readonly named: () => NamedModel;
  readonly restart: () => Promise<void>;
  readonly onError: (error: unknown) => void;
  /** Called when the user has selected or imported a model. */
  readonly onChosen: () => void;
  /** Folder of the downloads. */
  readonly downloads: string;
  /** The setting `rwkvCode.downloadSource`. */
  readonly downloadSource: () => string;
}

/**
 * The commands that concern models. Each command asks the user what to do or, if its arguments already say so, only
 * asks for confirmation.
 */
export class Models implements vscode.Disposable {
  readonly #commandLine: CommandLine;
  readonly #library: ModelLibrary;
  readonly #cards: ModelCards;
  readonly #published: PublishedModels;
  readonly #tokens: AccessTokens;
  readonly #parts: ModelsParts;

  constructor(parts: ModelsParts) {
    const { extension, imported, named, downloads } = parts;
    this.#parts = parts;
    this.#commandLine = new CommandLine(extension.asAbsolutePath("dist/cli.js"));
    this.#library = new ModelLibrary({
      embedded: extension.asAbsolutePath("models/default"),
      imported,
      named,
      commandLine: this.#commandLine,
      memento: extension.globalState,
    });
    this.#cards = new ModelCards(this.#library);
    this.#published = new PublishedModels({
      catalogueFile: extension.asAbsolutePath("models/catalogue.json"),
      downloads,
      library: this.#library,
      commandLine: this.#commandLine,
    });
    this.#tokens = new AccessTokens(extension.secrets, extension.globalState);
  }

  /** Call with each status of the server. */
  status(status: ServerStatus): Promise<void> {
    return this.#library.status(status);
  }

  /** Selects a model. @param given its name or folder; empty for the embedded model; the user is asked if absent. */
  select(given?: unknown): Promise<void> {
    return this.#choosing(() => selectModel(this.#library, typeof given === "string" ? given : undefined));
  }

  /** Imports a model. @returns the folder of the new model; undefined if the user cancelled or the import failed. */
  async import(given?: unknown): Promise<string | undefined> {
    const folder = await this.#showingErrors(() => importModel(this.#importParts, importRequestOf(given)));
    if (folder !== undefined) this.#parts.onChosen();
    return folder;
  }

  /** Lets the user choose a published model, and downloads and imports it. */
  get(): Promise<void> {
    const { downloadSource, onError } = this.#parts;
    const parts = { ...this.#importParts, published: this.#published, tokens: this.#tokens, downloadSource, onError };
    return this.#choosing(() => getModel(parts));
  }

  setToken(): Promise<void> {
    return this.#showingErrors(() => this.#tokens.set(suggestedTokenHost(this.#parts.downloadSource())));
  }

  removeToken(): Promise<void> {
    return this.#showingErrors(() => this.#tokens.remove());
  }

  manage(given?: unknown): Promise<void> {
    const parts = { library: this.#library, cards: this.#cards, commandLine: this.#commandLine };
    return this.#showingErrors(() => manageModels(parts, manageRequestOf(given)));
  }

  /** @param run returns whether the user has chosen a model. */
  async #choosing(run: () => Promise<boolean>): Promise<void> {
    if ((await this.#showingErrors(run)) === true) this.#parts.onChosen();
  }

  get #importParts(): ImportParts {
    return { library: this.#library, commandLine: this.#commandLine, restart: this.#parts.restart };
  }

  /** Shows and logs an error here, because VS Code would add the command's name to it. */
  async #showingErrors<T>(run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run();
    } catch (error) {
      this.#parts.onError(error);
      void showError(`RWKV Code: ${errorMessage(error)}`);
      return undefined;
    }
  }

  dispose(): void {
    this.#cards.dispose();
  }
}

/** Says that the model named by the setting is missing, and offers to choose another one. */
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
