import Module from "node:module";

/**
 * A stand-in for the module `vscode` for tests that need only document changes. Import it before anything that imports
 * `vscode`; test/support/vscodeStandIn.ts also covers files, editors and texts.
 */

type Listener = (event: unknown) => void;
const listeners = new Set<Listener>();

/** Notifies listeners that a document has changed. */
export function fireChange(event: unknown): void {
  for (const listener of listeners) listener(event);
}

const standIn = {
  EndOfLine: { LF: 1, CRLF: 2 },
  Range: class {
    readonly start: unknown;
    readonly end: unknown;
    constructor(start: unknown, end: unknown) {
      this.start = start;
      this.end = end;
    }
  },
  workspace: {
    onDidChangeTextDocument: (listener: Listener) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
  },
};

type Load = (request: string, ...others: readonly unknown[]) => unknown;
const loader = Module as unknown as { _load: Load }; // the only way to replace a module in Node 20
const load = loader._load;
loader._load = (request, ...others) => (request === "vscode" ? standIn : load(request, ...others));
