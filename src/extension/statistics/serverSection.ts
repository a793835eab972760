import * as vscode from "vscode";
import { inertText } from "../../shared/inertText.js";
import type { ServerStatistics } from "../../shared/protocol.js";
import { workspacePath } from "../workspacePath.js";
import { escaped, number, percent, rows, section } from "./statisticsMarkup.js";

/** The page's section about the server: its model, memory, checkpoints and documents. */
export function serverSection(server: ServerStatistics | undefined): string {
  const { t } = vscode.l10n;
  if (server === undefined) return section(t("Server"), `<p>${escaped(t("The server is not running."))}</p>`);
  return [section(t("Server"), facts(server)), sources(server), documents(server)].join("\n");
}

function facts({ model, engine, requests, latencyMs, checkpoints, memory }: ServerStatistics): string {
  const { t } = vscode.l10n;
  const { exact, converged, stale, window } = requests;
  const megabytes = (bytes: number): string => `${rounded(bytes / 2 ** 20)} MB`;
  const isMeasured = exact + converged + stale + window > 0;
  const time = isMeasured
    ? t("median {0} ms, 95% within {1} ms", rounded(latencyMs.p50), rounded(latencyMs.p95))
    : t("not measured yet");
  const used = t("{0} ({1} of {2})", checkpoints.count, megabytes(checkpoints.bytes), megabytes(checkpoints.maxBytes));
  return rows([
    [t("Model"), model === "" ? t("none is loaded") : `${inertText(model)}, ${inertText(engine)}`],
    [t("Response time"), time],
    [t("Checkpoints"), used],
    [t("Memory"), megabytes(memory.rssBytes)],
  ]);
}

/** Table of how much of the file the model had read when it computed completions. */
function sources({ requests }: ServerStatistics): string {
  const { t } = vscode.l10n;
  const { exact, converged, stale, window, reused } = requests;
  const all: readonly (readonly [string, number])[] = [
    [t("The whole file above the cursor"), exact],
    [t("Nearly the whole file"), converged],
    [t("The file before an edit"), stale],
    [t("A part of the file"), window],
    [t("The same as the previous completion, continued"), reused],
  ];
  const total = all.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return "";
  const lines = all.map(([name, count]) => [name, number(count), percent(count, total)]);
  return section(
    t("What the model had read"),
    rows([...lines, { total: [t("Completions computed"), number(total), ""] }]),
  );
}

function documents({ documents: open }: ServerStatistics): string {
  const { t } = vscode.l10n;
  if (open.length === 0) return "";
  const lines = open.map(({ uri, tokens, tokensRead }) => [
    inertText(nameOf(uri)),
    t("{0} of {1} tokens read", number(tokensRead), number(tokens)),
  ]);
  return section(t("Documents"), rows(lines));
}

/** A document's path in the workspace; for a notebook's cell also its number, counted from 1. */
function nameOf(uri: string): string {
  const path = workspacePath(vscode.Uri.parse(uri));
  for (const notebook of vscode.workspace.notebookDocuments) {
    const cell = notebook.getCells().find(({ document }) => document.uri.toString() === uri);
    if (cell !== undefined) return vscode.l10n.t("{0}, cell {1}", path, cell.index + 1);
  }
  return path;
}

/** Rounds to at most one decimal. */
function rounded(value: number): string {
  return String(Number(value.toFixed(1)));
}
