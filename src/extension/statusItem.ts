import * as vscode from "vscode";
import type { ServerStatus } from "../shared/protocol.js";
import type { Ineligibility } from "../shared/eligibility.js";
import { automaticOffText, blockerText, ghostTextOffText } from "./blockerText.js";
import { languageName } from "./languageNames.js";
import type { NothingShown } from "../shared/nothingShown.js";
import { nothingText } from "./nothingText.js";
import { inertText } from "../shared/inertText.js";

/** Every keystroke makes the model read for a moment, so reading is shown only if it takes longer than this. */
const readingShownAfterMs = 1000;

/** The status bar item, which shows the state of completions in the active editor. */
export class StatusItem implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  #readingSince = Infinity;

  constructor(command: string) {
    this.#item = vscode.window.createStatusBarItem("rwkvCode.status", vscode.StatusBarAlignment.Right, 100);
    this.#item.name = vscode.l10n.t("RWKV Code");
    this.#item.command = command;
  }

  /**
   * @param absence why the active editor gets no ghost text; undefined if it may get some.
   * @param last why the last request in the active editor showed nothing; undefined if it showed a completion, or if
   * there was none.
   * @param languageId the language that is off if `absence` is "languageOff".
   */
  show(
    status: ServerStatus,
    absence: Absence | undefined,
    last: NothingShown | undefined,
    languageId: string | undefined,
  ): void {
    this.#readingSince = status.kind === "reading" ? Math.min(this.#readingSince, Date.now()) : Infinity;
    const isBrief = status.kind === "reading" && Date.now() - this.#readingSince < readingShownAfterMs;
    if (isBrief && absence === undefined) return;
    const { icon, isWarning, ...shown } = appearance(status, absence, languageId ?? "");
    const lines = [shown.tooltip];
    if (last !== undefined && last.reason !== absence) {
      lines.push(vscode.l10n.t("Last request: nothing shown, {0}", nothingText(last)));
    }
    const tooltip = lines.map(inertText).join("\n");
    this.#item.text = `$(${icon}) RWKV`;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label: `RWKV Code: ${tooltip}` };
    this.#item.backgroundColor =
      isWarning === true ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }
}

/** Why no ghost text appears: the document gets no completions, or completions are turned off or snoozed. */
export type Absence = Exclude<Ineligibility, "notEditable"> | "ghostTextOff" | "automaticOff" | Snoozed;

interface Snoozed {
  readonly snoozedUntilMs: number;
}

interface Appearance {
  readonly icon: string;
  readonly tooltip: string;
  readonly isWarning?: boolean;
}

function appearance(status: ServerStatus, absence: Absence | undefined, languageId: string): Appearance {
  if (status.kind === "failed") return { icon: "warning", tooltip: status.reason, isWarning: true };
  if (absence === undefined) return serverAppearance(status);
  if (typeof absence === "object") return { icon: "bell-slash", tooltip: snoozedText(absence) };
  return { icon: "circle-slash", tooltip: absenceText(absence, languageId) };
}

function snoozedText({ snoozedUntilMs }: Snoozed): string {
  const time = new Date(snoozedUntilMs).toLocaleTimeString(vscode.env.language, { timeStyle: "short" });
  return vscode.l10n.t("Inline suggestions are snoozed until {0}.", time);
}

function absenceText(absence: Exclude<Absence, Snoozed>, languageId: string): string {
  switch (absence) {
    case "ghostTextOff":
      return ghostTextOffText();
    case "automaticOff":
      return automaticOffText();
    case "languageOff":
      return vscode.l10n.t("Completions are off for {0}.", languageName(languageId));
    case "allOff":
      return vscode.l10n.t("Completions are off for all languages.");
    default:
      return blockerText(absence);
  }
}

function serverAppearance(status: Exclude<ServerStatus, { kind: "failed" }>): Appearance {
  const { t } = vscode.l10n;
  switch (status.kind) {
    case "noModel":
      return { icon: "circle-outline", tooltip: t("No model is loaded. It is loaded when you type.") };
    case "loading":
      return { icon: "loading~spin", tooltip: t("Loading the model: {0}%", percent(status.fraction)) };
    case "reading":
      return { icon: "book", tooltip: t("Ready; reading the file: {0}%", percent(status.fraction)) };
    case "ready":
      return { icon: "sparkle", tooltip: t("Ready: {0}, {1}", status.model, status.engine) };
  }
}

function percent(fraction: number): number {
  return Math.round(fraction * 100);
}
