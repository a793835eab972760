// Makes the third-party notices: the licenses of all bundled packages, read from the packages themselves, and those of
// libraries that are linked into the binaries.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./run.mjs";

/** The folder of licenses that packages do not include. onnxruntime's files in it are from `onnxruntimeVersion`. */
const licences = path.join(root, "licences");
const onnxruntimeVersion = "1.30.0";

/**
 * @param {object} metafile esbuild's metafile of all bundles.
 * @param {{engines: readonly string[], hasOnnxruntime: boolean}} binaries the platforms of the packaged native engines,
 * and whether onnxruntime is packaged.
 * @returns {string} the notices of a package as one text.
 */
export function noticesOf(metafile, { engines, hasOnnxruntime }) {
  const folders = new Set();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = packageFolder(file);
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
  const notices = [...folders].sort().map(noticeOf);
  if (hasOnnxruntime) notices.push(onnxruntimeNotice());
  // GCC's own libraries may be linked without a notice (GCC Runtime Library Exception).
  if (engines.includes("win32-x64"))
    notices.push(`mingw-w64, linked into the native engine\n\n${licenceIn("mingw-w64")}\n`);
  return `RWKV Code contains these packages:\n\n${notices.join(`\n${"-".repeat(80)}\n\n`)}`;
}

/** The folder of the innermost package that a file belongs to; undefined for our own files. */
function packageFolder(file) {
  const parts = file.split("/");
  const at = parts.lastIndexOf("node_modules");
  if (at < 0) return undefined;
  return parts.slice(0, at + (parts[at + 1].startsWith("@") ? 3 : 2)).join("/");
}

function noticeOf(folder) {
  const { name, version, license, author, homepage } = JSON.parse(
    readFileSync(path.join(folder, "package.json"), "utf8"),
  );
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|third.?party.?notices)/i.test(file));
  const texts = files.map((file) => readFileSync(path.join(folder, file), "utf8").trim());
  // onnxruntime's package.json names the publisher, not the copyright holder, so its license comes from licences/.
  if (name.startsWith("onnxruntime-")) texts.push(licenceIn("onnxruntime"));
  if (texts.length === 0 && license === "MIT")
    texts.push(mit(typeof author === "string" ? author : (author?.name ?? `the authors of ${name}`)));
  if (texts.length === 0)
    throw new Error(`${folder} has no license file and is not MIT; add its notice to scripts/notices.mjs`);
  return `${name} ${version} (${license})${homepage === undefined ? "" : `\n${homepage}`}\n\n${texts.join("\n\n")}\n`;
}

/** The notices for libraries that are linked into onnxruntime. Its npm package does not include these notices. */
function onnxruntimeNotice() {
  const manifest = path.join(root, "node_modules/onnxruntime-node/package.json");
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  if (version !== onnxruntimeVersion) {
    const file = "licences/onnxruntime/ThirdPartyNotices.txt";
    throw new Error(
      `${file} is from onnxruntime ${onnxruntimeVersion}: replace it and LICENSE with those of ${version}`,
    );
  }
  const notices = readFileSync(path.join(licences, "onnxruntime/ThirdPartyNotices.txt"), "utf8").trim();
  return `What onnxruntime ${version} contains:\n\n${notices}\n`;
}

function licenceIn(folder) {
  return readFileSync(path.join(licences, folder, "LICENSE"), "utf8").trim();
}

/** The text of the MIT license, for packages that name it but do not include it. */
function mit(holder) {
  return `Copyright (c) ${holder.replace(/\s*[<(].*/, "")}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}
