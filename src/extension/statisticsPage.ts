import * as vscode from "vscode";
import type { ServerStatistics } from "../shared/protocol.js";
import { savedShare, type CompletionCounts } from "./completionCounts.js";
import type { NothingReason } from "../shared/nothingShown.js";
import { nothingText } from "./nothingText.js";
import { inertText } from "../shared/inertText.js";

const scheme = "rwkv-code-statistics";
const page = vscode.Uri.from({ scheme, path: "RWKV Code statistics.md" });

export interface StatisticsFacts {
  readonly counts: CompletionCounts;
  /** Undefined if no server is running. */
  readonly server: ServerStatistics | undefined;
  readonly nothingShown: readonly (readonly [NothingReason, number])[];
}

/** A read-only page with usage counts and the server's statistics. Showing it again updates it. */
export class StatisticsPage implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  #text = "";

  get isOpen(): boolean {
    return vscode.workspace.textDocuments.some(({ uri }) => uri.toString() === page.toString());
  }

  provideTextDocumentContent(): string {
    return this.#text;
  }

  update({ counts, server, nothingShown }: StatisticsFacts): void {
    const lastLines = server === undefined ? [vscode.l10n.t("The server is not running.")] : serverLines(server);
    const lines = [
      `# ${vscode.l10n.t("RWKV Code statistics")}`,
      "",
      ...countLines(counts),
      ...nothingLines(nothingShown),
      "",
      ...lastLines,
      "",
    ];
    this.#text = lines.join("\n");
    this.#changed.fire(page);
  }

  async show(facts: StatisticsFacts): Promise<void> {
    this.update(facts);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(page), { preview: true });
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}

function countLines(counts: CompletionCounts): string[] {
  const { t } = vscode.l10n;
  const { since, asked, shown, accepted, partlyAccepted, charactersAccepted } = counts;
  const share = rounded(savedShare(counts) * 100);
  return [
    `## ${t("Completions since {0}", new Date(since).toLocaleString(vscode.env.language))}`,
    "",
    `- ${t("Requested")}: ${asked}`,
    `- ${t("Shown")}: ${shown}`,
    `- ${t("Accepted")}: ${accepted}`,
    `- ${t("Partly accepted")}: ${partlyAccepted}`,
    `- ${t("Characters saved")}: ${t("{0} ({1}% of all characters accepted or typed)", charactersAccepted, share)}`,
  ];
}

/** Since the server and this window were started. */
function nothingLines(reasons: StatisticsFacts["nothingShown"]): string[] {
  if (reasons.length === 0) return [];
  const title = vscode.l10n.t("Requests that showed nothing, in this session");
  return ["", `## ${title}`, "", ...reasons.map(([reason, count]) => `- ${nothingText({ reason })}: ${count}`)];
}

function serverLines(server: ServerStatistics): string[] {
  const { t } = vscode.l10n;
  const { model, engine, requests, latencyMs, checkpoints, memory, documents } = server;
  const { asked, shown, empty, cancelled, failed, reused, exact, converged, stale, window } = requests;
  const megabytes = (bytes: number): string => `${rounded(bytes / 2 ** 20)} MB`;
  const [p50, p95] = [rounded(latencyMs.p50), rounded(latencyMs.p95)];
  const isMeasured = exact + converged + stale + window > 0;
  const time = isMeasured ? t("median {0} ms, 95% within {1} ms", p50, p95) : t("not measured yet");
  return [
    `## ${t("Server")}`,
    "",
    `- ${t("Model")}: ${inertText(model)}, ${inertText(engine)}`,
    `- ${t("Requests")}: ${t("{0} ({1} with a completion, {2} without, {3} cancelled, {4} failed)", asked, shown, empty, cancelled, failed)}`,
    `- ${t("Completions")}: ${t("{0} from the whole file above the cursor, {1} nearly so, {2} from the file before an edit, {3} from a part of it, {4} continued from the previous one", exact, converged, stale, window, reused)}`,
    `- ${t("Response time")}: ${time}`,
    `- ${t("Checkpoints")}: ${t("{0} ({1} of {2})", checkpoints.count, megabytes(checkpoints.bytes), megabytes(checkpoints.maxBytes))}`,
    `- ${t("Server memory")}: ${megabytes(memory.rssBytes)}`,
    ...(documents.length === 0 ? [] : ["", `## ${t("Documents")}`, ""]),
    ...documents.map(({ uri, tokens, tokensRead }) => {
      const name = inertText(vscode.workspace.asRelativePath(vscode.Uri.parse(uri)));
      return `- ${name}: ${t("{0} of {1} tokens read", tokensRead, tokens)}`;
    }),
  ];
}

/** Rounds to at most one decimal. */
function rounded(value: number): string {
  return String(Number(value.toFixed(1)));
}
