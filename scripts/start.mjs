// npm start: installs and builds, then completes a sample or a user's file in the terminal, or opens an editor.
import { spawnSync } from "node:child_process";
import { ensureInstalled } from "./install.mjs";
import { buildNative } from "./native.mjs";
import { mustRun, node, root, run } from "./run.mjs";

const usage = `npm start                          completes a sample file
npm start -- FILE:LINE:COL         completes your own file (LINE and COL count from 1)
npm start -- --editor [FOLDER]     opens VS Code with the extension loaded`;

const sample = "media/sample.ts:18:11";
const args = process.argv.slice(2);

ensureInstalled();
build();
const withoutNative = await buildNative();
if (withoutNative !== undefined) console.log(`${withoutNative}; onnxruntime runs the model\n`);
if (args[0] === "--editor" && args.length <= 2) {
  const { openEditor } = await import("../test/vscode/editor.mjs");
  await openEditor(args[1] ?? root);
} else if (args.length === 0) {
  mustRun(node, ["dist/cli.js", "complete", sample]);
  console.log(`\nNext steps:\n\n${usage}\n\nnpm test runs all tests; npm run package makes the extension as one file.`);
} else if (args.length === 1 && !args[0].startsWith("-")) {
  const { INIT_CWD: cwd = process.cwd() } = process.env; // the folder from which the user ran npm
  process.exitCode = run(node, [`${root}/dist/cli.js`, "complete", args[0]], { cwd });
} else {
  console.error(usage);
  process.exitCode = 2;
}

/** Builds quietly; esbuild's output is shown only if it fails. */
function build() {
  const { status, stdout, stderr } = spawnSync(node, ["esbuild.mjs"], { cwd: root, encoding: "utf8" });
  if (status === 0) return;
  console.error(stdout + stderr);
  process.exit(1);
}
