// npm start -- --editor: opens VS Code with the extension loaded. Uses desktop VS Code, or else the server from npm.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { root, run } from "../../scripts/run.mjs";
import { startWorkbench } from "./workbench.mjs";

/**
 * Opens a folder in VS Code. Without desktop VS Code, starts the server and keeps it running until it is interrupted.
 */
export async function openEditor(folder) {
  const place = path.resolve(process.env["INIT_CWD"] ?? ".", folder);
  if (hasDesktop()) {
    process.exitCode = run("code", ["--new-window", `--extensionDevelopmentPath=${root}`, place]);
    return;
  }
  const data = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-editor-"));
  const extensions = path.join(data, "extensions");
  mkdirSync(extensions);
  const workbench = await startWorkbench({ data, extensions });
  console.log(
    `VS Code with RWKV Code, from this machine alone:\n\n  ${workbench.url({ open: [place], development: [root] })}\n`,
  );
  console.log("Open it in a browser. Ctrl+C ends it.");
  const interrupted = new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, resolve);
  });
  await Promise.race([interrupted, workbench.exited]);
  await workbench.stop();
  rmSync(data, { recursive: true, force: true });
}

function hasDesktop() {
  const { status } = spawnSync("code", ["--version"], { stdio: "ignore", shell: process.platform === "win32" });
  return status === 0;
}
