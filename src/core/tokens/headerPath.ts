import { fullPathOf } from "../../shared/exclusion.js";

/**
 * The path in a document's header line (docs/RWKV.md §12): the last two parts of the path relative to the workspace, or
 * `untitled.<extension>` if there is no path yet. A notebook's cell gets the notebook's name with the cell language's
 * extension.
 */
export function headerPath(uri: string, languageId: string, folders: readonly string[]): string {
  const { scheme, path } = parts(uri);
  const extension = (Object.hasOwn(extensions, languageId) ? extensions[languageId] : undefined) ?? languageId;
  if (scheme === "untitled") return `untitled.${extension}`;
  const name = relativePathOf(path, folders).split("/").filter(Boolean).slice(-2).join("/");
  return scheme === "vscode-notebook-cell" ? name.replace(/\.[^./]*$/, `.${extension}`) : name;
}

/** The path relative to the innermost folder that contains it, or the path itself if none does. */
export function relativePathOf(path: string, folders: readonly string[]): string {
  const roots = folders.map((folder) => parts(folder).path.replace(/\/?$/, "/"));
  const root = roots
    .filter((candidate) => path.startsWith(candidate))
    .reduce((a, b) => (b.length > a.length ? b : a), "");
  return path.slice(root.length);
}

/** The full path of a document, including the server's name if the document is on a network share. */
export function documentPath(uri: string): string {
  const { scheme, authority, path } = parts(uri);
  return fullPathOf({ scheme, authority, path });
}

/** File extensions of common languages, if the extension differs from the language id. */
const extensions: Readonly<Record<string, string>> = {
  typescript: "ts",
  typescriptreact: "tsx",
  javascript: "js",
  javascriptreact: "jsx",
  python: "py",
  rust: "rs",
  ruby: "rb",
  csharp: "cs",
  cpp: "cpp",
  shellscript: "sh",
  markdown: "md",
  plaintext: "txt",
  yaml: "yml",
  kotlin: "kt",
  perl: "pl",
};

interface UriParts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}

function parts(uri: string): UriParts {
  const match = /^([a-z][\w+.-]*):(?:\/\/([^/]*))?(.*)$/is.exec(uri);
  if (match === null) return { scheme: "", authority: "", path: uri };
  const [, scheme = "", authority = "", pathAndQuery = ""] = match;
  // A file URI has no query: if a client does not encode a ? or #, the character belongs to the file's name.
  const path = scheme.toLowerCase() === "file" ? pathAndQuery : pathAndQuery.replace(/[?#].*$/s, "");
  return { scheme: scheme.toLowerCase(), authority, path: decoded(path) };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // not valid percent-encoding
  }
}
