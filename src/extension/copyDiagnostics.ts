import os from "node:os";
import * as vscode from "vscode";
import { machineMemoryBytes } from "../hub/requirements.js";
import { sizeText } from "../hub/sizeText.js";
import type { Ineligibility } from "../shared/eligibility.js";
import type { section } from "../shared/configuration.js";
import type { CompletionClient } from "./completionClient.js";
import { diagnosticsText } from "./diagnostics.js";
import { nothingText } from "./nothingText.js";
import { showInformation } from "./notifications.js";
import type { RequestOutcomes } from "./requestOutcomes.js";
import { changedSettings } from "./settings.js";

interface DiagnosticSources {
  readonly extension: vscode.ExtensionContext;
  readonly client: Pick<CompletionClient, "status" | "statistics"> & {
    readonly documents: Pick<CompletionClient["documents"], "ineligibility">;
  };
  /** The document in which completions are missing or wrong; undefined if no document is open. */
  readonly document: vscode.TextDocument | undefined;
  readonly outcomes: Pick<RequestOutcomes, "counts" | "last">;
  readonly errors: readonly string[];
}

/** Copies the information for a bug report to the clipboard. */
export async function copyDiagnostics({
  extension,
  client,
  document,
  outcomes,
  errors,
}: DiagnosticSources): Promise<void> {
  const { version, contributes } = extension.extension.packageJSON as Manifest;
  const server = await client.statistics().catch(() => undefined);
  const languages = await vscode.languages.getLanguages();
  const { last } = outcomes;
  const text = diagnosticsText({
    environment: {
      "RWKV Code": version,
      "VS Code": vscode.version,
      Platform: `${process.platform} ${process.arch}, Node ${process.version}`,
      Remote: vscode.env.remoteName ?? "none",
      Language: vscode.env.language,
      Processors: String(os.availableParallelism()),
      Memory: sizeText(machineMemoryBytes()),
      Workspace: workspaceText(),
      Document: document === undefined ? "none" : documentText(document, client.documents.ineligibility(document)),
    },
    status: client.status,
    model: server?.model ?? "",
    engine: server?.engine ?? "",
    latencyMs: server?.latencyMs,
    settings: contributes.configuration.flatMap(({ properties }) => changedSettings(properties, languages)),
    nothingShown: outcomes.counts(server?.nothingShown),
    last: last && nothingText(last),
    errors,
  });
  await vscode.env.clipboard.writeText(text);
  void showInformation(vscode.l10n.t("RWKV Code: Diagnostics were copied. They contain no text of yours."));
}

function workspaceText(): string {
  const folders = vscode.workspace.workspaceFolders?.length ?? 0;
  return `folders: ${folders}, ${vscode.workspace.isTrusted ? "trusted" : "not trusted"}`;
}

/** The document's language and size, and why it gets no completions. */
function documentText({ languageId, lineCount }: vscode.TextDocument, why: Ineligibility | undefined): string {
  return `${languageId}, lines: ${lineCount}${why === undefined ? "" : `, no completions: ${why}`}`;
}

interface Manifest {
  readonly version: string;
  readonly contributes: {
    /** The settings, in groups. */
    readonly configuration: readonly {
      readonly properties: Readonly<Record<`${typeof section}.${string}`, SettingSchema>>;
    }[];
  };
}

type SettingSchema = Parameters<typeof changedSettings>[0][string];
