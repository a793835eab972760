// Runs the suites that need a browser or an editor. If a suite cannot run here, prints why and skips it.
import { ensureChromium, ensureServer, findChromium } from "../test/vscode/host.mjs";
import { nodeTests } from "./nodeTests.mjs";
import { packageExtension } from "./package.mjs";

/** Tests the chat view in a page. On Linux the tests install missing Debian packages, or say which ones to install. */
export function viewTests() {
  if (process.platform === "linux" || findChromium() !== undefined) return nodeTests("test/view", 1);
  return skipped("test/view: no Chrome or Chromium was found; set CHROMIUM to the path of one");
}

/** Tests the chat in the VS Code server from npm, which runs only on Linux. */
export async function sidebarTests() {
  if (process.platform !== "linux") return skipped("test/sidebar: the VS Code it is tested in runs only on Linux");
  // Installed here, because otherwise two test files would install them at the same time.
  ensureServer();
  ensureChromium();
  process.env["RWKV_CODE_VSIX"] = await packageExtension();
  return nodeTests("test/sidebar", 2);
}

/** Tests the server in other editors, as their users run it: in Neovim, and in Monaco in a page. */
export function editorTests() {
  if (process.platform === "linux") return nodeTests("test/editors", 1);
  return skipped("test/editors: the editors are tested only on Linux");
}

/** Prints why tests are skipped. @returns {{passed: number, failed: number, skipped: number}} */
function skipped(why) {
  console.log(`﹣ ${why} # SKIP`);
  return { passed: 0, failed: 0, skipped: 1 };
}
