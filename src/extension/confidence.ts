import * as vscode from "vscode";
import type { ServerSettings } from "../shared/protocol.js";
import { setConfidence } from "./settings.js";

type Level = ServerSettings["confidence"];

const levels: readonly Level[] = ["careful", "balanced", "eager", "always"];

/** A level of confidence, for people. */
export function confidenceText(level: Level): { readonly label: string; readonly detail: string } {
  const { t } = vscode.l10n;
  switch (level) {
    case "careful":
      return { label: t("Careful"), detail: t("Seldom, and four times in five right") };
    case "balanced":
      return { label: t("Balanced"), detail: t("Right about two times in three") };
    case "eager":
      return { label: t("Eager"), detail: t("Often, and wrong more often than right") };
    case "always":
      return { label: t("Always"), detail: t("Whatever the model writes") };
  }
}

/** Has the user choose how sure ghost text must be. */
export async function selectConfidence(current: Level): Promise<void> {
  const { t } = vscode.l10n;
  const items = levels.map((level) => {
    const { label, detail } = confidenceText(level);
    return { level, detail, label: level === current ? `$(check) ${label}` : label };
  });
  const picked = await vscode.window.showQuickPick(items, {
    title: t("RWKV Code: Select Confidence"),
    placeHolder: t("How sure ghost text must be to appear by itself"),
  });
  if (picked !== undefined) await setConfidence(picked.level);
}
