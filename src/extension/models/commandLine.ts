import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { InspectLine } from "../../shared/cliOutput.js";

/** What an ended run is thrown as. */
export class Aborted extends Error {}

export interface RunOptions {
  /** Hears of each line on standard output. */
  readonly onLine: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** How an aborted one ends: "disconnect" lets it clean up first; "kill" is for what leaves nothing behind. */
  readonly onAbort: "disconnect" | "kill";
}

/** The command line in a child process: models are read there, never here. */
export class CommandLine {
  readonly #module: string;

  /** @param module dist/cli.js */
  constructor(module: string) {
    this.#module = module;
  }

  /**
   * Runs a command until it has ended, aborted or not.
   * @throws Ended where it was aborted; Error with what the command said on standard error where it failed.
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
   * What a model's folder or a weights file is.
   * @param checking "hashes": whether its files are the ones that model.json names as well; it reads them whole.
   * @throws as `run`
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

/** Its exit code, once the last line has come: no "close" comes from a child that was hung up on. */
async function exitCodeOf(child: ChildProcess): Promise<number | null> {
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const [code] = await Promise.all([exited, ...streams.map((stream) => once(stream, "close"))]);
  return code;
}

/** The last line on standard error, without the program's name. */
export function failureReason(stderrText: string, code: number | null): string {
  const last = stderrText.trim().split("\n").at(-1) ?? "";
  return last.replace(/^(usage: )?rwkv-code:? /, "") || `the command line ended with ${code ?? "a signal"}`;
}
