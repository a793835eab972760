import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { InspectLine } from "../../shared/cliOutput.js";

/** Thrown by `CommandLine` when the command was aborted with its signal. */
export class Aborted extends Error {}

export interface RunOptions {
  /** Receives each line of standard output. */
  readonly onLine: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** How to abort: "disconnect" lets the command clean up first; "kill" is for commands that write no files. */
  readonly onAbort: "disconnect" | "kill";
}

/** Runs the command line in a child process, so that the extension host never reads a model. */
export class CommandLine {
  readonly #module: string;

  /** @param module dist/cli.js */
  constructor(module: string) {
    this.#module = module;
  }

  /**
   * Runs a command. Settles when the process has exited, even if it was aborted.
   * @throws Aborted if it was aborted; Error with the last line of standard error if it failed.
   */
  async run(args: readonly string[], { onLine, signal, onAbort }: RunOptions): Promise<void> {
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
    const child = fork(this.#module, args, { silent: true, execArgv: [], env });
    let stderrText = "";
    child.stderr?.on("data", (data: Buffer) => (stderrText += data.toString()));
    if (child.stdout !== null) createInterface(child.stdout).on("line", onLine);
    const end = (): void => {
      if (child.connected) child.disconnect();
    };
    const abort = (): void => {
      if (onAbort === "kill") child.kill();
      else end();
    };
    signal?.addEventListener("abort", abort);
    if (signal?.aborted === true) abort();
    try {
      const code = await exitCodeOf(child);
      if (signal?.aborted === true) throw new Aborted("cancelled");
      if (code !== 0) throw new Error(failureReason(stderrText, code));
    } finally {
      signal?.removeEventListener("abort", abort);
      end();
    }
  }

  /**
   * Describes a model's folder or a weights file.
   * @param checking "hashes" also verifies the files against the hashes in model.json, which reads them entirely.
   * @throws the same errors as `run`, and Error if the command wrote nothing.
   */
  async inspect(modelPath: string, checking: "hashes" | "nothing", signal?: AbortSignal): Promise<InspectLine> {
    let found: InspectLine | undefined;
    const onLine = (line: string): void => {
      found = JSON.parse(line) as InspectLine; // the one line that `inspect --json` writes
    };
    const quick = checking === "nothing" ? ["--quick"] : [];
    await this.run(["inspect", modelPath, "--json", ...quick], { onLine, signal, onAbort: "kill" });
    if (found === undefined) throw new Error(`inspect wrote nothing about ${modelPath}`);
    return found;
  }
}

/**
 * Waits until the child has exited and its output has been read. Waits for each stream, because a disconnected child
 * emits no "close" event. @returns the exit code; null if a signal ended the child.
 */
async function exitCodeOf(child: ChildProcess): Promise<number | null> {
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const [code] = await Promise.all([exited, ...streams.map((stream) => once(stream, "close"))]);
  return code;
}

/** The last line of standard error, without the program's name; if it is empty, how the process ended. */
export function failureReason(stderrText: string, code: number | null): string {
  const last = stderrText.trim().split("\n").at(-1) ?? "";
  return last.replace(/^(usage: )?rwkv-code:? /, "") || `the command line ended with ${code ?? "a signal"}`;
}
