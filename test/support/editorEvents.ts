import "./vscodeStandIn.js";
import * as vscode from "vscode";

/**
 * Adds the editor's events and web views to the stand-in for `vscode`. Import it before anything that imports `vscode`.
 */

type Listener = (event: unknown) => unknown;

const names = {
  window: ["onDidChangeActiveTextEditor"],
  workspace: [
    "onDidOpenTextDocument", "onDidCloseTextDocument", "onDidChangeConfiguration", "onDidGrantWorkspaceTrust",
    "onDidOpenNotebookDocument", "onDidChangeNotebookDocument", "onDidCloseNotebookDocument",
  ],
} as const; // prettier-ignore

type EventName = (typeof names)["window" | "workspace"][number];

const listeners = new Map<string, Set<Listener>>();

function eventOf(name: string): (listener: Listener) => { readonly dispose: () => void } {
  const all = new Set<Listener>();
  listeners.set(name, all);
  return (listener) => {
    all.add(listener);
    return { dispose: () => void all.delete(listener) };
  };
}

/** Notifies the listeners of an editor event. */
export function fire(name: EventName, event?: unknown): void {
  for (const listener of listeners.get(name) ?? []) listener(event);
}

/** The number of registered listeners, over all events above. */
export function listenerCount(): number {
  return [...listeners.values()].reduce((sum, { size }) => sum + size, 0);
}

/** A web view panel. Tests call `dispose` and `show` in place of the user. */
export class FakePanel {
  readonly webview = { html: "" };
  readonly options: object;
  visible = true;
  reveals = 0;
  isDisposed = false;
  readonly #disposal: (() => void)[] = [];
  readonly #changes: (() => void)[] = [];

  constructor(options: object) {
    this.options = options;
  }

  onDidDispose = (listener: () => void): void => void this.#disposal.push(listener);
  onDidChangeViewState = (listener: () => void): void => void this.#changes.push(listener);

  reveal(): void {
    this.reveals++;
  }

  dispose(): void {
    this.isDisposed = true;
    for (const listener of this.#disposal) listener();
  }

  show(isVisible: boolean): void {
    this.visible = isVisible;
    for (const listener of this.#changes) listener();
  }
}

/** All web views that were opened. */
export const panels: FakePanel[] = [];

/** The API of the built-in Git extension; undefined if that is disabled. */
export const git = { api: undefined as object | undefined };

for (const name of names.window) Object.assign(vscode.window, { [name]: eventOf(name) });
for (const name of names.workspace) Object.assign(vscode.workspace, { [name]: eventOf(name) });
Object.assign(vscode.window, {
  createWebviewPanel: (_type: string, _title: string, _column: unknown, options: object) => {
    const panel = new FakePanel(options);
    panels.push(panel);
    return panel;
  },
});
Object.assign(vscode.extensions, {
  getExtension: () => git.api && { activate: async () => ({ getAPI: () => git.api }) },
});
