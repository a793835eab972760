import { dialogs, TabInputTextDiff } from "./vscodeStandIn.js";
import * as vscode from "vscode";

/** Extends the stand-in for `vscode` with tabs that open and close. Import it before anything that imports `vscode`. */

type Tab = (typeof dialogs.tabs)[number];

interface TabChange {
  readonly opened: readonly Tab[];
  readonly changed: readonly Tab[];
  readonly closed: readonly Tab[];
}

const listeners = new Set<(change: TabChange) => void>();

/** Notifies the listeners that tabs have changed. */
export function fireTabs(change: Partial<TabChange>): void {
  for (const listener of listeners) listener({ opened: [], changed: [], closed: [], ...change });
}

export async function closeTabs(closed: readonly Tab[]): Promise<void> {
  dialogs.tabs = dialogs.tabs.filter((tab) => !closed.includes(tab));
  fireTabs({ closed });
}

Object.assign(vscode.window.tabGroups, {
  onDidChangeTabs: (listener: (change: TabChange) => void) => {
    listeners.add(listener);
    return { dispose: () => listeners.delete(listener) };
  },
  close: closeTabs,
});

const execute = vscode.commands.executeCommand;
Object.assign(vscode.commands, {
  executeCommand: async (name: string, ...args: readonly unknown[]) => {
    if (name === "vscode.diff") dialogs.tabs = [{ input: new TabInputTextDiff(args[1]) }, ...dialogs.tabs];
    return execute(name, ...args);
  },
});
