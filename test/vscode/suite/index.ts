import { appendFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "node:util";
import Mocha from "mocha";

/**
 * Runs all test files in this folder and writes the counts to a file. VS Code calls this function in its extension
 * host.
 */
export async function run(): Promise<void> {
  const { VSCODE_TEST_LOG: log, RWKV_TEST_RESULTS: results = "", RWKV_TEST_GREP: grep } = process.env;
  // code.mjs does not see this process's output, so it names a log file. Desktop VS Code prints the output itself.
  if (log !== undefined) {
    Mocha.reporters.Base.consoleLog = (...parts: unknown[]) => {
      appendFileSync(log, `${format(...parts)}\n`);
    };
  }
  const mocha = new Mocha({ ui: "tdd", color: false, timeout: 240_000, ...(grep === undefined ? {} : { grep }) });
  for (const file of readdirSync(__dirname).filter((name) => name.endsWith(".test.js")))
    mocha.addFile(path.join(__dirname, file));
  const failed = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.once("end", () => {
      const { passes: passed = 0, failures = 0, pending: skipped = 0 } = runner.stats ?? {};
      writeFileSync(results, JSON.stringify({ passed, failed: failures, skipped }));
    });
  });
  if (failed > 0) throw new Error(`${failed} tests failed`);
}
