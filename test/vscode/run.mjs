// Runs the suite in the real VS Code: packages the extension, installs it away from any node_modules, and runs the
// tests in its extension host.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath, runTests } from "@vscode/test-electron";
import { packageExtension } from "../../scripts/package.mjs";
import { bundleTests } from "../../scripts/bundleTests.mjs";
import { run } from "../../scripts/run.mjs";
import { ensureChromium, ensureServer } from "./host.mjs";

const version = "1.139.1";
const folder = import.meta.dirname;

/** @returns {Promise<{passed: number, failed: number, skipped: number}>} */
export async function runInVSCode() {
  const vsix = await packageExtension();
  await bundleTests("test/vscode/suite");
  const data = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-test-"));
  try {
    const vscodeExecutablePath = await executable();
    const user = path.join(data, "user");
    const places = [`--user-data-dir=${user}`, `--extensions-dir=${path.join(data, "extensions")}`];
    install(vscodeExecutablePath, places, vsix);
    const workspace = writeWorkspace(data);
    writeSettings(user);
    const results = path.join(data, "results.json");
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: path.join(folder, "empty"),
      extensionTestsPath: path.resolve("out/test/vscode/suite/index.js"),
      launchArgs: [workspace, ...places, "--disable-workspace-trust", "--disable-telemetry"],
      extensionTestsEnv: {
        RWKV_TEST_RESULTS: results,
        RWKV_TEST_WORKSPACE: workspace,
        RWKV_TEST_ROOT: path.resolve("."),
        // For manual runs: a pattern for the names of the tests to run.
        ...(process.env["RWKV_TEST_GREP"] === undefined ? {} : { RWKV_TEST_GREP: process.env["RWKV_TEST_GREP"] }),
      },
    }).catch(() => undefined); // rejects if tests fail; the results file has the counts
    return JSON.parse(readFileSync(results, "utf8"));
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/**
 * Desktop VS Code if it can be downloaded and has a display, otherwise the stand-in. The variable RWKV_TEST_VSCODE can
 * require "desktop" or "server".
 */
async function executable() {
  const wanted = process.env["RWKV_TEST_VSCODE"];
  if (wanted === "desktop") return downloadAndUnzipVSCode(version);
  const canShow = process.platform !== "linux" || process.env["DISPLAY"] !== undefined;
  if (canShow && wanted !== "server" && (await canDownload())) return downloadAndUnzipVSCode(version);
  if (process.platform !== "linux")
    throw new Error("VS Code cannot be downloaded: update.code.visualstudio.com does not answer");
  ensureServer();
  ensureChromium();
  return path.join(folder, "code.mjs");
}

async function canDownload() {
  const url = "https://update.code.visualstudio.com/api/releases/stable";
  const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
  return answer?.ok === true;
}

function install(executablePath, places, vsix) {
  const isStandIn = executablePath.endsWith("code.mjs");
  const [cli, ...args] = isStandIn ? [executablePath] : resolveCliArgsFromVSCodeExecutablePath(executablePath);
  if (run(cli, [...args, ...places, "--install-extension", vsix]) !== 0)
    throw new Error(`the extension ${vsix} could not be installed`);
}

/** Writes settings with which the editor adds nothing to what the tests type. */
function writeSettings(user) {
  const file = path.join(user, "User/settings.json");
  mkdirSync(path.dirname(file), { recursive: true });
  const settings = {
    "editor.inlineSuggest.enabled": true,
    "editor.acceptSuggestionOnEnter": "off",
    "editor.wordBasedSuggestions": "off",
    "editor.autoClosingBrackets": "never",
    "files.eol": "\n",
    "workbench.welcomePage.walkthroughs.openOnInstall": false,
    "rwkvCode.threads": 1,
    "rwkvCode.timeBudgetMs": 700,
    // Shows everything that the model writes, because tests compare it with the command line's completions.
    "rwkvCode.confidence": "always",
  };
  writeFileSync(file, JSON.stringify(settings));
}

function writeWorkspace(data) {
  const workspace = path.join(data, "workspace");
  mkdirSync(path.join(workspace, "src"), { recursive: true });
  writeFileSync(path.join(workspace, "src/small.ts"), "");
  writeFileSync(path.join(workspace, ".env"), "TOKEN=abc\n");
  return workspace;
}
