import * as vscode from "vscode";
import type { ServerSettings } from "../shared/protocol.js";
import { setConfidence } from "./settings.js";

type Level = ServerSettings["confidence"];

const levels: readonly Level[] = ["careful", "balanced", "eager", "always"];

export function confidenceText(level: Level): { readonly label: string; readonly detail: string } {
  const { t } = vscode.l10n;
  switch (level) {
    case "careful":
      return { label: t("Careful"), detail: t("Few suggestions, 4 of 5 right") };
    case "balanced":
      return { label: t("Balanced"), detail: t("About 2 of 3 suggestions right") };
    case "eager":
      return { label: t("Eager"), detail: t("Many suggestions, half of them right") };
    case "always":
      return { label: t("Always"), detail: t("Every suggestion of the model") };
  }
}

/** Lets the user choose a confidence level. */
export async function selectConfidence(current: Level): Promise<void> {
  const { t } = vscode.l10n;
  const items = levels.map((level) => {
    const { label, detail } = confidenceText(level);
    return { level, detail, label: level === current ? `$(check) ${label}` : label };
  });
  const picker = vscode.window.createQuickPick<(typeof items)[number]>();
  picker.title = t("RWKV Code: Select Confidence");
  picker.placeholder = t("How sure ghost text must be to appear");
  picker.items = items;
  // `showQuickPick` would highlight the first level, so that Enter would change the setting.
  picker.activeItems = items.filter(({ level }) => level === current);
  const picked = await new Promise<Level | undefined>((resolve) => {
    picker.onDidAccept(() => {
      resolve(picker.activeItems[0]?.level);
    });
    picker.onDidHide(() => {
      resolve(undefined);
    });
    picker.show();
  });
  picker.dispose();
  if (picked !== undefined) await setConfidence(picked);
}
