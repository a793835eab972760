// npm run l10n: collects the texts of src/extension and src/hub for translators, in l10n/bundle.l10n.json.
import { getL10nJson } from "@vscode/l10n-dev";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { root } from "./run.mjs";

export const bundleFile = path.join(root, "l10n/bundle.l10n.json");

/** @returns {Promise<string>} the contents of the bundle. */
export async function bundleOfTexts() {
  const files = ["src/extension", "src/hub"].flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => path.join(root, folder, file)),
  );
  const texts = await getL10nJson(
    files.map((file) => ({ extension: ".ts", contents: inFull(readFileSync(file, "utf8")) })),
  );
  const sorted = Object.fromEntries(Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify(sorted, undefined, 2)}\n`;
}

/** Replaces each call of `t` by `vscode.l10n.t(…)`, because @vscode/l10n-dev does not recognize `t`. */
function inFull(source) {
  return `import * as vscode from "vscode";\n${source.replace(/(?<![.\w])t\(/g, "vscode.l10n.t(")}`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(bundleFile, await bundleOfTexts());
