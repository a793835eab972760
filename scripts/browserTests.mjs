// Runs the tests that look through a browser; where they cannot run, it says why and skips them.
import { findChromium } from "../test/vscode/host.mjs";
import { nodeTests } from "./nodeTests.mjs";

/** The chat view in a page. On Linux what is missing is installed, or said, by the tests. */
export function viewTests() {
  if (process.platform === "linux" || findChromium() !== undefined) return nodeTests("test/view", 1);
  return skipped("test/view: neither Chrome nor Chromium is here; CHROMIUM says where one is");
}

/** The chat in the VS Code from npm, whose server is for Linux. */
export function sidebarTests() {
  if (process.platform === "linux") return nodeTests("test/sidebar", 1);
  return skipped("test/sidebar: the VS Code that it is tested in runs on Linux alone");
}

/** Other editors, as their users have them: Neovim, and Monaco in a page. */
export function editorTests() {
  if (process.platform === "linux") return nodeTests("test/editors", 1);
  return skipped("test/editors: the editors are tried on Linux alone");
}

/** @returns {{passed: number, failed: number, skipped: number}} */
function skipped(why) {
  console.log(`﹣ ${why} # SKIP`);
  return { passed: 0, failed: 0, skipped: 1 };
}
