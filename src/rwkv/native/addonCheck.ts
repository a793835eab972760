import { spawn } from "node:child_process";
import { findBuilt, findAddon } from "./addon.js";

/** As long as a machine that is busy with something else may take; the test itself takes a tenth of a second. */
const maxMs = 20_000;

let outcome: Promise<string | undefined> | undefined;

/**
 * What is wrong with the addon of this platform, found once for each process: it is tried in a child, so that a binary
 * that does not fit the machine takes nothing else down. Undefined where it works, and where there is none.
 */
export function addonProblem(): Promise<string | undefined> {
  outcome ??= findAddon() === undefined ? Promise.resolve(undefined) : runSelfTest(findBuilt("selfTest.js"));
  return outcome;
}

/** Runs a script that ends with 0 where all is well. */
export function runSelfTest(script: string | undefined, deadlineMs = maxMs): Promise<string | undefined> {
  if (script === undefined) return Promise.resolve("its self-test is missing; install the extension again");
  return new Promise((resolve) => {
    // Electron is Node with this variable; Node does not look at it.
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
