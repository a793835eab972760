import * as vscode from "vscode";
import type { CommandLine } from "./commandLine.js";
import { freeName, modelName } from "./modelName.js";
import { count, size } from "./modelTexts.js";

/** All that an import needs to know. */
export interface ImportRequest {
  readonly source: string;
  readonly vocabulary: string | undefined;
  readonly quantisation: "int8" | "none";
  readonly name: string;
}

/** Asks step by step; undefined where the user gives up. @param taken names of models that are there. */
export async function askImportRequest(
  commandLine: CommandLine,
  taken: readonly string[],
): Promise<ImportRequest | undefined> {
  const { t } = vscode.l10n;
  const source = await pickFile(t("Model to Import"), { [t("RWKV weights")]: ["pth", "safetensors", "gguf"] });
  if (source === undefined) return undefined;
  const { parameters, weightsBytes, isVocabularyMissing } = await commandLine.inspect(source, "nothing");
  let vocabulary: string | undefined;
  if (isVocabularyMissing) {
    vocabulary = await askVocabulary();
    if (vocabulary === undefined) return undefined;
  }
  const quantisation = await vscode.window.showQuickPick(
    [
      {
        label: t("8 bits a weight (recommended)"),
        detail: t("About {0}; quicker, and nearly as exact", size(1.2 * parameters)),
        value: "int8" as const,
      },
      { label: t("As the file has them"), detail: t("About {0}", size(weightsBytes)), value: "none" as const },
    ],
    { title: t("Weights of {0} ({1} parameters)", modelName(source), count(parameters)) },
  );
  if (quantisation === undefined) return undefined;
  const name = await askName(modelName(source), taken);
  return name === undefined ? undefined : { source, vocabulary, quantisation: quantisation.value, name };
}

async function askVocabulary(): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const choose = t("Choose File…");
  const detail = t(
    "World models share one vocabulary, the file rwkv_vocab_v20230424.txt, which comes with RWKV-LM and with the pip package rwkv; Pile models share 20B_tokenizer.json, which comes with RWKV-LM and with ChatRWKV. Laid beside the model it is found by itself.",
  );
  const message = t("The model needs its vocabulary, which does not lie beside it.");
  const picked = await vscode.window.showInformationMessage(message, { modal: true, detail }, choose);
  return picked === choose ? pickFile(t("Vocabulary of the Model"), { [t("Vocabulary")]: ["txt", "json"] }) : undefined;
}

/** The name itself where it is free, or where the model of that name is to be replaced. */
async function askName(name: string, taken: readonly string[]): Promise<string | undefined> {
  const other = freeName(name, taken);
  if (other === name) return name;
  const { t } = vscode.l10n;
  const [replace, keepBoth] = [t("Replace"), t("Keep Both")];
  const detail = t("Kept beside it, the new one is called {0}.", other);
  const message = t("There is a model called {0}.", name);
  const picked = await vscode.window.showWarningMessage(message, { modal: true, detail }, replace, keepBoth);
  if (picked === undefined) return undefined;
  return picked === replace ? (taken.find((one) => one.toLowerCase() === name.toLowerCase()) ?? name) : other;
}

async function pickFile(title: string, filters: Record<string, string[]>): Promise<string | undefined> {
  const [file] = (await vscode.window.showOpenDialog({ title, filters })) ?? [];
  return file?.fsPath;
}
