import * as vscode from "vscode";
import type { section } from "../shared/configuration.js";
import type { CompletionClient } from "./completionClient.js";
import { diagnosticsText } from "./diagnostics.js";
import { nothingText } from "./nothingText.js";
import { showInformation } from "./notifications.js";
import type { RequestOutcomes } from "./requestOutcomes.js";
import { changedSettings } from "./settings.js";

interface DiagnosticSources {
  readonly extension: vscode.ExtensionContext;
  readonly client: Pick<CompletionClient, "status" | "statistics">;
  readonly outcomes: Pick<RequestOutcomes, "counts" | "last">;
  readonly errors: readonly string[];
}

/** Copies the information for a bug report to the clipboard. */
export async function copyDiagnostics({ extension, client, outcomes, errors }: DiagnosticSources): Promise<void> {
  const { version, contributes } = extension.extension.packageJSON as Manifest;
  const server = await client.statistics().catch(() => undefined);
  const { last } = outcomes;
  const text = diagnosticsText({
    environment: {
      "RWKV Code": version,
      "VS Code": vscode.version,
      Platform: `${process.platform} ${process.arch}, Node ${process.version}`,
      Remote: vscode.env.remoteName ?? "none",
    },
    status: client.status,
    model: server?.model ?? "",
    engine: server?.engine ?? "",
    settings: contributes.configuration.flatMap(({ properties }) => changedSettings(properties)),
    nothingShown: outcomes.counts(server?.nothingShown),
    last: last && nothingText(last),
    errors,
  });
  await vscode.env.clipboard.writeText(text);
  void showInformation(vscode.l10n.t("RWKV Code: Diagnostics were copied. They contain no text of yours."));
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
