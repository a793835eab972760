import * as vscode from "vscode";
import type { CatalogueModel } from "../../hub/catalogue.js";
import { recommendedModel } from "../../hub/recommendation.js";
import { machineMemoryBytes } from "../../hub/requirements.js";
import { errorMessage } from "../../shared/errorMessage.js";
import { showError } from "../notifications.js";
import { publishedModelText } from "./publishedModelText.js";
import type { PublishedModels } from "./publishedModels.js";

export type PublishedModelChoice =
  | { readonly kind: "model"; readonly model: CatalogueModel }
  /** The user wants to enter the address of a file or a repository. */
  | { readonly kind: "address" }
  | { readonly kind: "command"; readonly command: string };

export interface ChoiceItem extends vscode.QuickPickItem {
  readonly isRecommended?: boolean;
  readonly choice?: PublishedModelChoice;
}

/** Lets the user choose a published model. @returns undefined if the user chose nothing. */
export async function pickPublishedModel(published: PublishedModels): Promise<PublishedModelChoice | undefined> {
  const { t } = vscode.l10n;
  const { models } = await published.catalogue();
  const picker = vscode.window.createQuickPick<ChoiceItem>();
  picker.title = t("RWKV Code: Get a Model That Chats");
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  const update = async (expected: ReadonlyMap<string, number>): Promise<void> => {
    const items = await modelItems(published, models, expected);
    const active = picker.activeItems[0];
    const moved = active === picker.items[0] ? undefined : active?.label;
    picker.placeholder = items.some(({ isRecommended }) => isRecommended)
      ? t("Recommended: the largest that is fast here")
      : t("Which model to download; it runs on this machine alone");
    picker.items = [...items, ...otherItems()];
    picker.activeItems = focusedItems(picker.items, moved);
  };
  try {
    await update(new Map());
    picker.busy = true;
    const updateWithSpeeds = async (): Promise<void> => update(await published.expectedSpeeds());
    void updateWithSpeeds()
      .catch(() => undefined) // the list then shows no speeds
      .finally(() => {
        picker.busy = false;
      });
    picker.onDidTriggerItemButton(({ item: { choice } }) => {
      if (choice?.kind !== "model") return;
      void published
        .discard(choice.model.name)
        .then(updateWithSpeeds)
        .catch((error: unknown) => void showError(`RWKV Code: ${errorMessage(error)}`));
    });
    return await chosen(picker);
  } finally {
    picker.dispose();
  }
}

/**
 * The item to focus: the item to which the user has moved, or else the recommended item, which might otherwise be out
 * of sight in a small window.
 * @param moved the label of the item to which the user has moved, if any.
 */
export function focusedItems(items: readonly ChoiceItem[], moved: string | undefined): readonly ChoiceItem[] {
  const focused = items.find(({ label }) => label === moved) ?? items.find(({ isRecommended }) => isRecommended);
  return focused === undefined ? items.slice(0, 1) : [focused];
}

function chosen(picker: vscode.QuickPick<ChoiceItem>): Promise<PublishedModelChoice | undefined> {
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      resolve(picker.activeItems[0]?.choice);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
    });
    picker.show();
  });
}

async function modelItems(
  published: PublishedModels,
  models: readonly CatalogueModel[],
  expected: ReadonlyMap<string, number>,
): Promise<ChoiceItem[]> {
  const { t } = vscode.l10n;
  const known = await Promise.all(
    models.map(async (model) => ({ model, facts: await published.facts(model, expected) })),
  );
  const candidates = known.map(({ model, facts }) => ({ model, tokensPerSecond: facts.speed?.tokensPerSecond }));
  const recommended = recommendedModel(candidates, machineMemoryBytes());
  const discard = { iconPath: new vscode.ThemeIcon("trash"), tooltip: t("Discard What Was Received") };
  return known.map(({ model, facts }) => ({
    ...publishedModelText(model, facts, model.name === recommended, t),
    isRecommended: model.name === recommended,
    choice: { kind: "model", model },
    buttons: facts.receivedBytes > 0 ? [discard] : [],
  }));
}

function otherItems(): ChoiceItem[] {
  const { t } = vscode.l10n;
  return [
    { label: t("Other Models"), kind: vscode.QuickPickItemKind.Separator },
    {
      label: `$(link) ${t("From an Address or Repository…")}`,
      detail: t("An address, or owner/repository on Hugging Face or ModelScope"),
      choice: { kind: "address" },
    },
    {
      label: `$(add) ${t("Import Model from File…")}`,
      detail: t("A file that is on this machine already"),
      choice: { kind: "command", command: "rwkvCode.importModel" },
    },
  ];
}
