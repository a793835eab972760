import { spawn } from "node:child_process";
import { findBuilt, findAddon } from "./addon.js";

/** Time limit of the self-test. The test takes about 0.1 s, but the machine may be busy. */
const maxMs = 20_000;

let outcome: Promise<string | undefined> | undefined;

/**
 * Tests the addon once per process, in a child process: a binary that does not fit the machine may crash.
 * @returns the problem; undefined if the addon works or there is none.
 */
export function addonProblem(): Promise<string | undefined> {
  outcome ??= findAddon() === undefined ? Promise.resolve(undefined) : runSelfTest(findBuilt("selfTest.js"));
  return outcome;
}

/** Runs a script that exits with 0 on success. @returns the problem, or undefined. */
export function runSelfTest(script: string | undefined, deadlineMs = maxMs): Promise<string | undefined> {
  if (script === undefined) return Promise.resolve("its self-test is missing; reinstall the extension");
  return new Promise((resolve) => {
    // With this variable, Electron runs as Node. Node ignores it.
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
    const child = spawn(process.execPath, [script], { env, stdio: ["ignore", "ignore", "pipe"], windowsHide: true });
    const timer = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
    let stderrText = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderrText += text;
    });
    const end = (problem: string | undefined): void => {
      clearTimeout(timer);
      resolve(problem === undefined ? undefined : `its self-test ${problem}`);
    };
    child.once("error", (error) => {
      end(`did not start: ${error.message}`);
    });
    child.once("close", (code, signal) => {
      if (child.killed) end(`took over ${deadlineMs / 1000} seconds`);
      else if (signal !== null) end(`was ended by ${signal}`);
      else end(code === 0 ? undefined : `failed: ${stderrText.trim().split("\n").at(-1) ?? ""}`);
    });
  });
}
