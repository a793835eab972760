import * as vscode from "vscode";
import { KeptState } from "../keptState.js";
import { instructionOf, instructionsIn, withNewest } from "./instructionHistory.js";

/**
 * Asks for an instruction and offers the most recent ones.
 * @param given prefills the input box. The user must confirm it, because any extension or link can run the command.
 * @returns undefined if the user cancelled.
 */
export async function askForInstruction(
  memento: vscode.Memento,
  title: string,
  given: string,
): Promise<string | undefined> {
  const kept = new KeptState(memento, { name: "instructions", version: 1, read: instructionsIn });
  const history = kept.value;
  const input = vscode.window.createQuickPick();
  input.title = title;
  input.placeholder = vscode.l10n.t("Describe what to do");
  const past = history.map((label) => ({ label }));
  // The typed text is the first entry.
  const offer = (value: string): void => {
    const typed = value.trim();
    const others = past.filter(({ label }) => label !== typed);
    input.items = typed === "" ? past : [{ label: typed, alwaysShow: true }, ...others];
  };
  input.onDidChangeValue(offer);
  input.value = given;
  offer(given);
  const picked = await new Promise<string | undefined>((resolve) => {
    input.onDidAccept(() => {
      resolve(instructionOf(input.activeItems[0], input.value, past));
    });
    input.onDidHide(() => {
      resolve(undefined);
    });
    input.show();
  });
  input.dispose();
  if (picked === undefined || picked === "") return undefined;
  await kept.update(withNewest(history, picked));
  return picked;
}
