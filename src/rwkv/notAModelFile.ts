/** What downloads leave in place of a file, by how each begins. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [
    /^version https:\/\/git-lfs\.github\.com\/spec\//,
    "a Git LFS pointer, not the file that it stands for; run git lfs pull, or download the file itself",
  ],
  [
    /^(\.\.\/)*(\.git\/annex\/objects|\/annex\/objects)\//,
    "a git-annex pointer, not the file that it stands for; run git annex get, or download the file itself",
  ],
  [
    /^\s*<(!doctype html|html|head|\?xml|error)\b/i,
    "a web page, not the file that was to be downloaded; download it again, from the link to the file itself",
  ],
  [
    /^(Entry not found|Repository not found|Invalid (username|credentials)|Not Found|Access to .* is restricted)/i,
    "a server's error message, not the file that was to be downloaded; download it again, logged in if need be",
  ],
  [
    /^\s*\{\s*"(error|errors|error_?code|message|detail|status|status_?code)"\s*:/i,
    "a server's message in JSON, not the file that was to be downloaded; download it again, logged in if need be",
  ],
  [/^\0{8,}$/, "nothing but zeros at its start, as a download leaves that did not end; download it again"],
  [/^%PDF-/, "a PDF document, not a file of a model; give the model as .safetensors, .pth or .gguf"],
  [/^(\u0089PNG|\u00ff\u00d8\u00ff|GIF8\da|RIFF[^]{4}WEBP)/, "a picture, not a file of a model; give another file"],
  // eslint-disable-next-line no-control-regex -- programs begin with control characters
  [/^(\u007fELF|MZ\u0090\0\u0003\0\0\0)/, "a program, not a file of a model; give another file"],
  [/^SQLite format 3\0/, "a database of SQLite, not a file of a model; give another file"],
  // The ninth byte tells it from a .safetensors file whose header has a length with these bytes.
  // eslint-disable-next-line no-control-regex -- gzip begins with a control character
  [/^\u001f\u008b\u0008[^]{5}[^{]/, "compressed with gzip; unpack it first"],
  [/^BZh\d/, "compressed with bzip2; unpack it first"],
  [/^\u00fd7zXZ\0/, "compressed with xz; unpack it first"],
  [/^\u0028\u00b5\u002f\u00fd/, "compressed with zstd; unpack it first"],
  [/^7z\u00bc\u00af/, "a 7z archive; unpack it first"],
  [/^Rar!/, "a rar archive; unpack it first"],
  [/^[^]{257}ustar[\0 ]/, "a tar archive; unpack it first"],
  [/^\u0089HDF/, "an HDF5 file (Keras), which is not read; give the model as .safetensors, .pth or .gguf"],
  [/^\u0093NUMPY/, "an array of NumPy, which is not read; give the model as .safetensors, .pth or .gguf"],
];

/** How many bytes of a file tell. */
export const tellingBytes = 512;

/**
 * Says what a file is that cannot be any part of a model, and what to do; undefined for any other.
 * @param head the first bytes of the file, at best `tellingBytes`.
 */
export function notAModelFile(head: Uint8Array): string | undefined {
  // One character a byte; a byte order mark before a web page counts for nothing.
  const text = Buffer.from(head.subarray(0, tellingBytes))
    .toString("latin1")
    .replace(/^\u00ef\u00bb\u00bf/, "");
  return kinds.find(([pattern]) => pattern.test(text))?.[1];
}
