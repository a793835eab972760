import Module from "node:module";

/**
 * Stands in for the module `vscode` where only changes of documents matter. To be imported before what imports that
 * module; test/support/vscodeStandIn.ts is for files, editors and texts.
 */

type Listener = (event: unknown) => void;
const listeners = new Set<Listener>();

/** Tells whoever listens that a document has changed. */
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
const loader = Module as unknown as { _load: Load }; // Node has no other way that works for `require` in version 20
const load = loader._load;
loader._load = (request, ...others) => (request === "vscode" ? standIn : load(request, ...others));
