import * as vscode from "vscode";
import type { CatalogueModel } from "../../hub/catalogue.js";
import { DownloadError } from "../../hub/downloadError.js";
import { failureText } from "../../hub/failureText.js";
import { hubsFor, type Hub } from "../../hub/hubs.js";
import { catalogueFile, filesOf, type ModelFiles } from "../../hub/modelFiles.js";
import { fitsMemory, machineMemoryBytes, memoryBytes } from "../../hub/requirements.js";
import { sizeText } from "../../hub/sizeText.js";
import { errorMessage } from "../../shared/errorMessage.js";
import { ask, showError } from "../notifications.js";
import { setModel } from "../settings.js";
import type { AccessTokens } from "./accessTokens.js";
import { downloadInWindow } from "./downloadInWindow.js";
import { importAndOffer, importedNames, type ImportParts } from "./importModel.js";
import { freeName } from "./modelName.js";
import { askOtherModel } from "./otherModel.js";
import { pickPublishedModel } from "./publishedModelPicker.js";
import type { PublishedModels } from "./publishedModels.js";

export interface GetModelParts extends ImportParts {
  readonly published: PublishedModels;
  readonly tokens: AccessTokens;
  /** The setting `rwkvCode.downloadSource`. */
  readonly downloadSource: () => string;
  readonly onError: (error: unknown) => void;
}

/** A model to download and import. */
interface Wanted {
  readonly title: string;
  /** Name of the folder that the imported model gets. */
  readonly name: string;
  readonly files: ModelFiles;
  /** The prompt form for completions. If it is undefined, the form that the file's name suggests is used. */
  readonly prompt: CatalogueModel["prompt"] | undefined;
}

/**
 * Lets the user choose a model, downloads and imports it, and offers to use it.
 * @returns whether the chosen model is available now.
 * @throws Error that names the problem.
 */
export async function getModel(parts: GetModelParts): Promise<boolean> {
  try {
    const hubs = hubsFor(parts.downloadSource(), process.env["HF_ENDPOINT"]);
    const choice = await pickPublishedModel(parts.published);
    switch (choice?.kind) {
      case undefined:
        return false;
      case "command":
        await vscode.commands.executeCommand(choice.command);
        return false;
      case "model":
        return await getPublished(parts, choice.model, hubs);
      case "address":
        return await getOther(parts, hubs);
    }
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    throw new Error(failureText(error.failure, vscode.l10n.t), { cause: error });
  }
}

async function getPublished(parts: GetModelParts, model: CatalogueModel, hubs: readonly Hub[]): Promise<boolean> {
  const { published, library } = parts;
  const imported = published.importedFolder(model);
  if (imported !== undefined) {
    await setModel(library.settingOf(imported));
    return true;
  }
  if (!(await isWantedDespiteMemory(model))) return false;
  const { title, name, prompt } = model;
  return getFiles(parts, { title, name, prompt, files: filesOf(model, await published.catalogue(), hubs) }, hubs);
}

async function getOther(parts: GetModelParts, hubs: readonly Hub[]): Promise<boolean> {
  const other = await askOtherModel(hubs, (host) => parts.tokens.of(host));
  if (other === undefined) return false;
  const { name, file } = other;
  const files = { weights: file, vocabulary: undefined };
  return getFiles(parts, { title: name, name, prompt: undefined, files }, hubs);
}

async function isWantedDespiteMemory(model: CatalogueModel): Promise<boolean> {
  if (fitsMemory(model, machineMemoryBytes())) return true;
  const { t } = vscode.l10n;
  const download = t("Download Anyway");
  const message = t("{0} does not fit into this machine's memory.", model.title);
  const detail = t(
    "It needs {0}, and there are {1} for everything.",
    sizeText(memoryBytes(model)),
    sizeText(machineMemoryBytes()),
  );
  return (await ask(message, detail, download)) === download;
}

/** @returns whether the model was imported. */
async function getFiles(parts: GetModelParts, wanted: Wanted, hubs: readonly Hub[]): Promise<boolean> {
  const { published, tokens, library, commandLine, onError } = parts;
  const { title, name, files, prompt } = wanted;
  const discard = (): Promise<void> => published.discard(name);
  const folder = published.downloadFolder(name);
  const download = { title, folder, tokenFor: (host: string) => tokens.of(host), discard, onFailure: onError };
  const source = await downloadInWindow({ ...download, files });
  if (source === undefined) return false;
  try {
    const { isVocabularyMissing, suggestedPrompt } = await commandLine.inspect(source, "nothing");
    const world = (await published.catalogue()).vocabularies["world"];
    if (isVocabularyMissing && world !== undefined) {
      const vocabulary = { weights: catalogueFile(world, hubs), vocabulary: undefined };
      if ((await downloadInWindow({ ...download, files: vocabulary })) === undefined) return false;
    }
    const imported = await importAndOffer(parts, {
      source,
      vocabulary: undefined, // the vocabulary is in the weights file or next to it
      quantization: "int8",
      prompt: prompt ?? suggestedPrompt,
      name: freeName(name, await importedNames(library)),
    });
    if (imported === undefined) return false;
    await discard();
    return true;
  } catch (error) {
    onError(error);
    await offerDiscard(title, error, discard);
    return false;
  }
}

/** Offers to delete a download that could not be imported. If it is kept, the next attempt needs no network. */
async function offerDiscard(title: string, error: unknown, discard: () => Promise<void>): Promise<void> {
  const { t } = vscode.l10n;
  const discarding = t("Discard Download");
  const message = t("{0} was downloaded, but could not be imported: {1}", title, errorMessage(error));
  if ((await showError(`RWKV Code: ${message}`, discarding)) === discarding) await discard();
}
