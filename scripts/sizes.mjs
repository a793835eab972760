// npm run sizes: prints the sizes of the packages in dist/ as a table for release notes.
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { root } from "./run.mjs";
import { filesInVsix } from "./vsix.mjs";

/** @param {string[]} packages paths of VSIX files. @returns {string} Markdown. */
export function sizesOf(packages) {
  const rows = packages.map((vsix) => {
    const files = [...filesInVsix(vsix)];
    const has = (start) => files.some(([name]) => name.startsWith(`extension/dist/${start}/`));
    const engines = ["native", "onnxruntime"].filter(has).join(", ");
    const installed = files.reduce((sum, [, { bytes }]) => sum + bytes, 0);
    return `| ${path.basename(vsix)} | ${megabytes(statSync(vsix).size)} | ${megabytes(installed)} | ${engines} |`;
  });
  return ["| package | download | installed | engines |", "|---|---:|---:|---|", ...rows].join("\n");
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

if (process.argv[1] === import.meta.filename) {
  const dist = path.join(root, "dist");
  const packages = readdirSync(dist).filter((file) => file.endsWith(".vsix"));
  console.log(sizesOf(packages.sort().map((file) => path.join(dist, file))));
}
