import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { statisticsHtml } from "./statisticsHtml.js";
import type { StatisticsFacts } from "./statisticsFacts.js";

const commands = ["rwkvCode.showStatistics", "rwkvCode.resetStatistics"];

/** The statistics as a page in an editor tab. It runs no script; its links run two commands. */
export class StatisticsPage implements vscode.Disposable {
  static readonly viewType = "rwkvCode.statistics";
  readonly #facts: () => Promise<StatisticsFacts>;
  readonly #onError: (error: unknown) => void;
  #panel: vscode.WebviewPanel | undefined;

  constructor(facts: () => Promise<StatisticsFacts>, onError: (error: unknown) => void) {
    this.#facts = facts;
    this.#onError = onError;
  }

  /** Opens the page, or updates it and brings it to the front. */
  async show(): Promise<void> {
    if (this.#panel === undefined) this.#panel = this.#newPanel();
    else this.#panel.reveal();
    await this.update();
  }

  /** Updates the page if it is open. */
  async update(): Promise<void> {
    const panel = this.#panel;
    if (panel === undefined) return;
    const html = statisticsHtml(await this.#facts(), randomBytes(16).toString("hex"));
    if (this.#isOpen(panel)) panel.webview.html = html; // the user may have closed the page meanwhile
  }

  dispose(): void {
    this.#panel?.dispose();
  }

  #isOpen(panel: vscode.WebviewPanel): boolean {
    return this.#panel === panel;
  }

  #newPanel(): vscode.WebviewPanel {
    const title = vscode.l10n.t("RWKV Code Statistics");
    const options = { enableScripts: false, enableCommandUris: commands, localResourceRoots: [] };
    const panel = vscode.window.createWebviewPanel(StatisticsPage.viewType, title, vscode.ViewColumn.Active, options);
    panel.onDidDispose(() => {
      this.#panel = undefined;
    });
    panel.onDidChangeViewState(() => {
      if (panel.visible) void this.update().catch(this.#onError);
    });
    return panel;
  }
}
