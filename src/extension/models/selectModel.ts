import * as vscode from "vscode";
import { setModel } from "../settings.js";
import type { KnownModel } from "./knownModels.js";
import type { ModelLibrary } from "./modelLibrary.js";
import { namedModel } from "./namedModel.js";
import { modelText } from "./modelTexts.js";
import { isAgreed } from "../notifications.js";

export interface ModelItem extends vscode.QuickPickItem {
  readonly model: KnownModel;
}

interface CommandItem extends vscode.QuickPickItem {
  readonly command: string;
}

/** List entries for all models. The model in use is the first. */
export async function modelItems(library: ModelLibrary): Promise<ModelItem[]> {
  const models = (await library.all()).toSorted((a, b) => Number(b.isCurrent) - Number(a.isCurrent));
  return Promise.all(
    models.map(async (model) => ({ model, ...modelText(model, await library.facts(model), vscode.l10n.t) })),
  );
}

/**
 * Lets the user select the model to use.
 * @param given the model to use if the user agrees: its name or folder, or "" for the embedded one.
 * @returns whether a model was selected.
 */
export async function selectModel(library: ModelLibrary, given?: string): Promise<boolean> {
  const { t } = vscode.l10n;
  if (given !== undefined) {
    const { folder } = namedModel(given, library.importedFolder);
    const question = folder === "" ? t("Use the embedded model?") : t("Use the model in {0}?", folder);
    if (!(await isAgreed(question, t("Use It")))) return false;
    await setModel(library.settingOf(given));
    return true;
  }
  const items = async (): Promise<(ModelItem | CommandItem | vscode.QuickPickItem)[]> => [
    ...(await modelItems(library)),
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    { label: `$(cloud-download) ${t("Get a Model…")}`, command: "rwkvCode.getModel" },
    { label: `$(add) ${t("Import Model from File…")}`, command: "rwkvCode.importModel" },
    { label: `$(settings-gear) ${t("Manage Models…")}`, command: "rwkvCode.manageModels" },
  ];
  const picked = await vscode.window.showQuickPick(items(), {
    title: t("RWKV Code: Select Model"),
    placeHolder: t("Which model completes and chats"),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked === undefined) return false;
  if ("command" in picked) await vscode.commands.executeCommand(picked.command);
  if (!("model" in picked)) return false;
  await setModel(picked.model.setting);
  return true;
}
