/** Files that users mistake for models, and remains of failed downloads, recognized by their first bytes. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [
    /^version https:\/\/git-lfs\.github\.com\/spec\//,
    "is a Git LFS pointer, not the file itself; run git lfs pull, or download the file",
  ],
  [
    /^(\.\.\/)*(\.git\/annex\/objects|\/annex\/objects)\//,
    "is a git-annex pointer, not the file itself; run git annex get, or download the file",
  ],
  [/^\s*<(!doctype html|html|head|\?xml|error)\b/i, "is a web page; download the file again, with its direct link"],
  [
    /^(Entry not found|Repository not found|Invalid (username|credentials)|Not Found|Access to .* is restricted)/i,
    "is a server's error message; download the file again, and log in if necessary",
  ],
  [
    /^\s*\{\s*"(error|errors|error_?code|message|detail|status|status_?code)"\s*:/i,
    "is a server's JSON message; download the file again, and log in if necessary",
  ],
  [/^\0{8,}$/, "starts with zeros, as after an incomplete download; download it again"],
  [/^%PDF-/, "is a PDF document, not a model file; give the model as .safetensors, .pth or .gguf"],
  [/^(\u0089PNG|\u00ff\u00d8\u00ff|GIF8\da|RIFF[^]{4}WEBP)/, "is an image, not a model file; give another file"],
  // eslint-disable-next-line no-control-regex -- programs begin with control characters
  [/^(\u007fELF|MZ\u0090\0\u0003\0\0\0)/, "is a program, not a model file; give another file"],
  [/^SQLite format 3\0/, "is an SQLite database, not a model file; give another file"],
  // The ninth byte distinguishes gzip from a .safetensors file whose header length happens to start with these bytes.
  // eslint-disable-next-line no-control-regex -- gzip begins with a control character
  [/^\u001f\u008b\u0008[^]{5}[^{]/, "is compressed with gzip; unpack it first"],
  [/^BZh\d/, "is compressed with bzip2; unpack it first"],
  [/^\u00fd7zXZ\0/, "is compressed with xz; unpack it first"],
  [/^\u0028\u00b5\u002f\u00fd/, "is compressed with zstd; unpack it first"],
  [/^7z\u00bc\u00af/, "is a 7z archive; unpack it first"],
  [/^Rar!/, "is a rar archive; unpack it first"],
  [/^[^]{257}ustar[\0 ]/, "is a tar archive; unpack it first"],
  [/^\u0089HDF/, "is an HDF5 file (Keras), which is not supported; give the model as .safetensors, .pth or .gguf"],
  [/^\u0093NUMPY/, "is a NumPy array, which is not supported; give the model as .safetensors, .pth or .gguf"],
];

/** Number of bytes that the patterns examine. */
export const headBytes = 512;

/**
 * The problem and the fix if a file is certainly not part of a model; otherwise undefined.
 * @param head the file's first `headBytes` bytes, or all bytes of a shorter file.
 */
export function notAModelFile(head: Uint8Array): string | undefined {
  // Latin-1 maps each byte to one character. A byte order mark, with which a web page may begin, is removed.
  const text = Buffer.from(head.subarray(0, headBytes))
    .toString("latin1")
    .replace(/^\u00ef\u00bb\u00bf/, "");
  return kinds.find(([pattern]) => pattern.test(text))?.[1];
}
