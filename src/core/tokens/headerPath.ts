import { fullPathOf } from "../../shared/exclusion.js";

/**
 * What the header line of a document names (docs/RWKV.md §12): the last two parts of the path relative to
 * the workspace; `untitled.<extension>` where there is no path yet; a notebook's cells go by the notebook's name.
 */
export function headerPath(uri: string, languageId: string, folders: readonly string[]): string {
  const { scheme, path } = parts(uri);
  const extension = (Object.hasOwn(extensions, languageId) ? extensions[languageId] : undefined) ?? languageId;
  if (scheme === "untitled") return `untitled.${extension}`;
  const name = relativePathOf(path, folders).split("/").filter(Boolean).slice(-2).join("/");
  return scheme === "vscode-notebook-cell" ? name.replace(/\.[^./]*$/, `.${extension}`) : name;
}

/** The path within the innermost folder that holds it, or the path itself if none does. */
export function relativePathOf(path: string, folders: readonly string[]): string {
  const roots = folders.map((folder) => parts(folder).path.replace(/\/?$/, "/"));
  const root = roots.filter((one) => path.startsWith(one)).reduce((a, b) => (b.length > a.length ? b : a), "");
  return path.slice(root.length);
}

/** The whole path of a document, with the name of its server if it lies on a share. */
export function documentPath(uri: string): string {
  const { scheme, authority, path } = parts(uri);
  return fullPathOf({ scheme, authority, path });
}

/** Where a language's identifier is not its files' extension. */
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
  const [, scheme = "", authority = "", rest = ""] = match;
  // The URI of a file has no query; clients that do not encode a ? or # mean the file's name.
  const path = scheme.toLowerCase() === "file" ? rest : rest.replace(/[?#].*$/s, "");
  return { scheme: scheme.toLowerCase(), authority, path: decoded(path) };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // not percent-encoded after all: the path names the document as it stands
  }
}
