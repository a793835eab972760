import * as vscode from "vscode";
import type { ServerStatistics } from "../protocol.js";

const scheme = "rwkv-code-statistics";
const page = vscode.Uri.from({ scheme, path: "RWKV Code statistics.md" });

/** A read-only page with the server's numbers; shown again, it is brought up to date. */
export class StatisticsPage implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  #text = "";

  provideTextDocumentContent(): string {
    return this.#text;
  }

  async show(statistics: ServerStatistics | undefined): Promise<void> {
    this.#text = statistics === undefined ? vscode.l10n.t("The server is not running.") : textOf(statistics);
    this.#changed.fire(page);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(page), { preview: true });
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}

function textOf({ model, engine, requests, latencyMs, checkpoints, memory, documents }: ServerStatistics): string {
  const { t } = vscode.l10n;
  const megabytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MB`;
  const counts = Object.entries(requests).map(([name, count]) => `${name} ${count}`);
  return [
    `# ${t("RWKV Code statistics")}`,
    "",
    `- ${t("Model")}: ${model}, ${engine}`,
    `- ${t("Requests")}: ${counts.join(", ")}`,
    `- ${t("Milliseconds to an answer")}: p50 ${latencyMs.p50.toFixed(0)}, p95 ${latencyMs.p95.toFixed(0)}`,
    `- ${t("Checkpoints")}: ${checkpoints.count}, ${megabytes(checkpoints.bytes)} / ${megabytes(checkpoints.maxBytes)}`,
    `- ${t("Memory of the server")}: ${megabytes(memory.rssBytes)}`,
    "",
    `## ${t("Documents")}`,
    "",
    ...documents.map(({ uri, tokens, tokensRead }) => `- ${uri}: ${t("{0} of {1} tokens read", tokensRead, tokens)}`),
    "",
  ].join("\n");
}
