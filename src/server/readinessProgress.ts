import type { Connection, WorkDoneProgressServerReporter } from "vscode-languageserver";
import type { ServerStatus } from "../shared/protocol.js";

const titles = {
  loading: "RWKV Code: loading the model",
  reading: "RWKV Code: reading open files",
} as const;

/** Each keystroke causes a few tokens to be read, so only longer reads are shown. */
const minReadingMs = 500;

/** Shows work-done progress while a model is loaded, and while open files are read. */
export class ReadinessProgress {
  readonly #window: Pick<Connection["window"], "createWorkDoneProgress">;
  readonly #now: () => number;
  #shown:
    { readonly kind: keyof typeof titles; readonly reporter: Promise<WorkDoneProgressServerReporter> } | undefined;
  #readingSinceMs: number | undefined;

  constructor(window: Pick<Connection["window"], "createWorkDoneProgress">, now: () => number) {
    this.#window = window;
    this.#now = now;
  }

  show(status: ServerStatus): void {
    if (status.kind !== "reading") this.#readingSinceMs = undefined;
    if (status.kind !== this.#shown?.kind) this.#end();
    if (status.kind !== "loading" && status.kind !== "reading") return;
    if (status.kind === "reading") {
      this.#readingSinceMs ??= this.#now();
      if (this.#now() - this.#readingSinceMs < minReadingMs) return;
    }
    const percentage = Math.floor(status.fraction * 100);
    if (this.#shown === undefined) {
      this.#shown = { kind: status.kind, reporter: this.#window.createWorkDoneProgress() };
      this.#report((reporter) => {
        reporter.begin(titles[status.kind], percentage);
      });
    } else {
      this.#report((reporter) => {
        reporter.report(percentage);
      });
    }
  }

  #end(): void {
    this.#report((reporter) => {
      reporter.done();
    });
    this.#shown = undefined;
  }

  #report(send: (reporter: WorkDoneProgressServerReporter) => void): void {
    // If the client fails to create the progress, the user sees none. Nothing else depends on it.
    void this.#shown?.reporter.then(send, () => undefined);
  }
}
