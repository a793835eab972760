import type { TestContext } from "node:test";
import { runCommand } from "../../src/cli/commands.js";

export interface Ran {
  readonly status: number;
  readonly out: readonly string[];
  readonly error: readonly string[];
}

/** Runs a command in this process. @returns its exit code and the lines that it printed. */
export async function ran(t: TestContext, ...args: readonly string[]): Promise<Ran> {
  const [out, error]: [string[], string[]] = [[], []];
  const log = t.mock.method(console, "log", (text: string) => out.push(...text.split("\n")));
  const logError = t.mock.method(console, "error", (text: string) => error.push(...text.split("\n")));
  try {
    return { status: await runCommand(args), out, error };
  } finally {
    log.mock.restore();
    logError.mock.restore();
  }
}
