import * as vscode from "vscode";
import { setModel } from "../settings.js";
import { Aborted, type CommandLine } from "./commandLine.js";
import { isSamePath, type KnownModel } from "./knownModels.js";
import type { ModelCards } from "./modelCards.js";
import type { ModelLibrary } from "./modelLibrary.js";
import { remove } from "./removal.js";
import { modelItems } from "./selectModel.js";
import { ask, isAgreed, showInformation, withProgress } from "../notifications.js";

export interface ManageParts {
  readonly library: ModelLibrary;
  readonly cards: ModelCards;
  readonly commandLine: CommandLine;
}

export type ModelAction = "card" | "verify" | "reveal" | "remove";

/** A model's folder and an action. Only an imported model can be removed. */
export interface ManageRequest {
  readonly folder: string;
  readonly action: ModelAction;
}

/**
 * Lets the user choose a model and an action, and carries the action out.
 * @param given what to do if the user agrees. If it is absent, the user chooses from lists.
 */
export async function manageModels(parts: ManageParts, given?: ManageRequest): Promise<void> {
  if (given !== undefined) {
    const model = (await parts.library.all()).find(({ folder }) => isSamePath(folder, given.folder));
    if (model === undefined) throw new Error(`${given.folder} is no model that is known here`);
    const { question, yes } = askedFor(given.action, model);
    if (await isAgreed(question, yes)) await act(parts, model, given.action);
    return;
  }
  const { t } = vscode.l10n;
  const item = await vscode.window.showQuickPick(modelItems(parts.library), {
    title: t("RWKV Code: Manage Models"),
    placeHolder: t("Which model to show, verify or remove"),
  });
  if (item === undefined) return;
  const { model } = item;
  const title = item.label.replace(/^\$\([\w-]+\) /, "");
  const picked = await vscode.window.showQuickPick(actionItems(model), { title });
  if (picked === undefined) return;
  if (picked.action === "remove" && !(await isConfirmed(title, model))) return;
  await act(parts, model, picked.action);
}

function actionItems({ kind }: KnownModel): (vscode.QuickPickItem & { readonly action: ModelAction })[] {
  const { t } = vscode.l10n;
  return [
    { label: `$(book) ${t("Show Card")}`, action: "card" },
    {
      label: `$(verified) ${t("Verify")}`,
      detail: t("Whether its files are the ones it was made with"),
      action: "verify",
    },
    { label: `$(folder-opened) ${t("Reveal in File Manager")}`, action: "reveal" },
    ...(kind === "imported" ? [{ label: `$(trash) ${t("Remove")}`, action: "remove" } as const] : []),
  ];
}

function askedFor(action: ModelAction, { folder }: KnownModel): { readonly question: string; readonly yes: string } {
  const { t } = vscode.l10n;
  switch (action) {
    case "card":
      return { question: t("Show the card of the model in {0}?", folder), yes: t("Show Card") };
    case "verify":
      return { question: t("Verify the model in {0}?", folder), yes: t("Verify") };
    case "reveal":
      return { question: t("Reveal {0} in the file manager?", folder), yes: t("Reveal in File Manager") };
    case "remove":
      return { question: t("Remove the model in {0}?", folder), yes: t("Remove") };
  }
}

async function isConfirmed(name: string, { isCurrent }: KnownModel): Promise<boolean> {
  const { t } = vscode.l10n;
  const yes = t("Remove");
  const trash = t("It goes to the trash, or is deleted if there is none.");
  const detail = isCurrent ? `${trash} ${t("It is in use: the model of the extension takes its place.")}` : trash;
  const message = t("Remove the model {0}?", name);
  return (await ask(message, detail, yes)) === yes;
}

async function act(
  { library, cards, commandLine }: ManageParts,
  model: KnownModel,
  action: ModelAction,
): Promise<void> {
  switch (action) {
    case "card":
      return cards.show(model);
    case "verify":
      return verify(commandLine, model);
    case "reveal":
      await vscode.commands.executeCommand("revealFileInOS", vscode.Uri.file(model.folder));
      return;
    case "remove":
      if (model.kind !== "imported") throw new Error(`${model.folder} is no imported model`);
      if (model.isCurrent) await setModel("");
      await remove(model.folder);
      await library.forget(model);
  }
}

/** @throws Error if a file is missing or does not match its hash in model.json. */
async function verify(commandLine: CommandLine, { folder }: KnownModel): Promise<void> {
  const { t } = vscode.l10n;
  const line = await withProgress(t("Verifying {0}", folder), async (_, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => {
      abort.abort();
    });
    try {
      return await commandLine.inspect(folder, "hashes", abort.signal);
    } catch (error) {
      if (error instanceof Aborted) return undefined;
      throw error;
    }
  });
  if (line === undefined) return;
  const files = Object.keys(line.sha256).join(", ");
  void showInformation(`RWKV Code: ${t("Verified: {0}", files)}`);
}
