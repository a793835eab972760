import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import * as vscode from "vscode";
import { setModel } from "../settings.js";
import { Aborted, type CommandLine } from "./commandLine.js";
import { importInChild, type Imported } from "./importInChild.js";
import { askImportRequest, type ImportRequest } from "./importRequest.js";
import { isSamePath } from "./knownModels.js";
import type { ModelLibrary } from "./modelLibrary.js";
import { verificationText } from "./modelTexts.js";
import { sizeText } from "../../hub/sizeText.js";
import { remove } from "./removal.js";
import { isAgreed, showInformation, withProgress } from "../notifications.js";
import { freeName } from "./modelName.js";

export interface ImportParts {
  readonly library: ModelLibrary;
  readonly commandLine: CommandLine;
  /** Called when the model in use was replaced, so that the server loads it again. */
  readonly restart: () => Promise<void>;
}

/**
 * Makes a model folder from a published file and offers to use the model.
 * @param given what to import if the user agrees. If it is absent, the user is asked for each parameter.
 * @returns the folder; undefined if the user cancelled. @throws Error if the import failed.
 */
export async function importModel(parts: ImportParts, given?: ImportRequest): Promise<string | undefined> {
  const taken = await importedNames(parts.library);
  const request = given ?? (await askImportRequest(parts.commandLine, taken));
  if (request === undefined) return undefined;
  // A command's arguments may come from anywhere, so the name must not lead out of the folder.
  if (!/^[^/\\]+$/.test(request.name) || /^\.+$/.test(request.name)) throw new Error(`${request.name}: not a name`);
  if (given !== undefined && !(await isAgreed(questionOf(given, taken), vscode.l10n.t("Import")))) return undefined;
  return importAndOffer(parts, request);
}

/**
 * Imports without asking first, and offers to use the model.
 * @returns the folder; undefined if the user cancelled. @throws the same errors as `importModel`.
 */
export async function importAndOffer(parts: ImportParts, request: ImportRequest): Promise<string | undefined> {
  const { library, commandLine, restart } = parts;
  const imported = await showingProgress(request.name, (onProgress, signal) =>
    importInChild(commandLine, library.importedFolder, request, { onProgress, signal, remove }),
  );
  if (imported === undefined) return undefined;
  const { folder } = imported.made;
  const current = (await library.all()).find(({ isCurrent }) => isCurrent);
  const isInUse = current !== undefined && isSamePath(current.folder, folder);
  if (isInUse) await restart();
  // Not awaited: the user may answer much later.
  void offer(request.name, imported, isInUse ? undefined : library.settingOf(folder));
  return folder;
}

/** The names that already exist in the folder of the imported models. */
export async function importedNames({ importedFolder }: ModelLibrary): Promise<string[]> {
  return existsSync(importedFolder) ? readdir(importedFolder) : [];
}

function questionOf({ source, name }: ImportRequest, taken: readonly string[]): string {
  const { t } = vscode.l10n;
  return freeName(name, taken) === name
    ? t("Import {0} as the model {1}?", source, name)
    : t("Import {0} and replace the model {1}?", source, name);
}

/** Runs an import with a progress notification. @returns undefined if the user cancelled. */
async function showingProgress(
  name: string,
  run: (onProgress: (fraction: number) => void, signal: AbortSignal) => Promise<Imported>,
): Promise<Imported | undefined> {
  const { t } = vscode.l10n;
  return withProgress(t("Importing {0}", name), async (progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => {
      progress.report({ message: t("ending…") });
      abort.abort();
    });
    let last = 0;
    const onProgress = (fraction: number): void => {
      const message = fraction < 1 ? `${Math.round(100 * fraction)} %` : t("comparing it with its source");
      progress.report({ message, increment: 100 * (fraction - last) });
      last = fraction;
    };
    try {
      return await run(onProgress, abort.signal);
    } catch (error) {
      if (error instanceof Aborted) return undefined;
      throw error;
    }
  });
}

/** @param setting the setting that selects the model; undefined if it is already in use. */
async function offer(name: string, { made, verification }: Imported, setting: string | undefined): Promise<void> {
  const { t } = vscode.l10n;
  const what = t("{0} is imported and takes {1} on disk.", name, sizeText(made.bytes));
  const use = t("Use It");
  const message = `RWKV Code: ${what} ${verificationText(verification, t)}`;
  const picked = await showInformation(message, ...(setting === undefined ? [] : [use]));
  if (picked === use && setting !== undefined) await setModel(setting);
}
