import os from "node:os";
import path from "node:path";
import * as vscode from "vscode";
import type { InspectLine } from "../../shared/cliOutput.js";
import type { CommandLine } from "./commandLine.js";
import { folderName, freeName } from "./modelName.js";
import { count } from "./modelTexts.js";
import { weightChoices, type WeightChoice } from "./weightChoices.js";
import { inertText } from "../../shared/inertText.js";
import { ask } from "../notifications.js";

/** The parameters of an import. */
export interface ImportRequest {
  readonly source: string;
  readonly vocabulary: string | undefined;
  readonly quantization: WeightChoice["value"];
  /** The prompt form for completions; if absent, the model reads only the text before the cursor. */
  readonly prompt?: Prompt | undefined;
  readonly name: string;
}

type Prompt = NonNullable<InspectLine["suggestedPrompt"]>;

/**
 * Asks the user for each parameter of an import; undefined if the user cancels. @param taken names of existing models.
 */
export async function askImportRequest(
  commandLine: CommandLine,
  taken: readonly string[],
): Promise<ImportRequest | undefined> {
  const { t } = vscode.l10n;
  const source = await pickFile(t("Import Model from File"), {
    [t("RWKV weights")]: ["pth", "safetensors", "gguf", "st", "bin", "json"],
  });
  if (source === undefined) return undefined;
  const line = await commandLine.inspect(source, "nothing");
  const { parameters, isVocabularyMissing, suggestedPrompt, publishedName = path.basename(source) } = line;
  const suggestedName = folderName(publishedName);
  let vocabulary: string | undefined;
  if (isVocabularyMissing) {
    vocabulary = await askVocabulary();
    if (vocabulary === undefined) return undefined;
  }
  const quantization = await vscode.window.showQuickPick(weightChoices(line, t), {
    title: t("Weights of {0} ({1} parameters)", inertText(suggestedName), count(parameters)),
  });
  if (quantization === undefined) return undefined;
  let prompt: Prompt | undefined;
  if (suggestedPrompt !== undefined) {
    prompt = await askPrompt(suggestedName, suggestedPrompt);
    if (prompt === undefined) return undefined;
  }
  const name = await askName(suggestedName, taken);
  return name === undefined ? undefined : { source, vocabulary, quantization: quantization.value, prompt, name };
}

/** Asks for the prompt form, because the weights do not reveal it, and the model's name only suggests it. */
async function askPrompt(name: string, suggested: Prompt): Promise<Prompt | undefined> {
  const { t } = vscode.l10n;
  const items = [
    {
      label: t("The text above the cursor"),
      detail: t("World models, and G1 up to G1b"),
      value: "prefix" as const,
    },
    {
      label: t("The text above and below the cursor"),
      detail: t("G1c and newer, which were trained to fill in the middle"),
      value: "suffix-prefix-middle" as const,
    },
  ].map((item) => (item.value === suggested ? { ...item, description: t("what the name suggests") } : item));
  items.sort((a, b) => Number(b.value === suggested) - Number(a.value === suggested));
  const picked = await vscode.window.showQuickPick(items, {
    title: t("What {0} Is Given to Complete", inertText(name)),
  });
  return picked?.value;
}

async function askVocabulary(): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const choose = t("Choose File…");
  const detail = t(
    "World models share one vocabulary, the file rwkv_vocab_v20230424.txt, which comes with RWKV-LM and with the pip package rwkv; Pile models share 20B_tokenizer.json, which comes with RWKV-LM and with ChatRWKV. If the file is in the model's folder, it is found automatically.",
  );
  const message = t("The model needs its vocabulary, which is not in the model's folder.");
  const picked = await ask(message, detail, choose);
  return picked === choose ? pickFile(t("Vocabulary of the Model"), { [t("Vocabulary")]: ["txt", "json"] }) : undefined;
}

/**
 * If there is a model of the same name, asks whether to replace it. @returns the name or, if the user keeps the old
 * model, another name; undefined if the user cancelled.
 */
async function askName(name: string, taken: readonly string[]): Promise<string | undefined> {
  const other = freeName(name, taken);
  if (other === name) return name;
  const { t } = vscode.l10n;
  const [replace, keepBoth] = [t("Replace"), t("Keep Both")];
  const detail = t("If you keep both, the new one is called {0}.", other);
  const message = t("There is a model called {0}.", name);
  const picked = await ask(message, detail, replace, keepBoth);
  if (picked === undefined) return undefined;
  return picked === replace ? (taken.find((one) => one.toLowerCase() === name.toLowerCase()) ?? name) : other;
}

async function pickFile(title: string, filters: Record<string, string[]>): Promise<string | undefined> {
  // In a remote window the dialog would list remote files by default, but the model must be on the extension's machine.
  const defaultUri = vscode.Uri.file(os.homedir());
  const [file] = (await vscode.window.showOpenDialog({ title, filters, defaultUri })) ?? [];
  if (file !== undefined && file.scheme !== "file") {
    throw new Error(vscode.l10n.t("{0} is not on this machine; choose a file that is", file.path));
  }
  return file?.fsPath;
}
