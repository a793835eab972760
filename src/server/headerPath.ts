/**
 * What the header line of a document names (TRAINING.md, "Document format"): the last two parts of the path relative to
 * the workspace; `untitled.<extension>` where there is no path yet; a notebook's cells go by the notebook's name.
 */
export function headerPath(uri: string, languageId: string, folders: readonly string[]): string {
  const { scheme, path } = parts(uri);
  const extension = (Object.hasOwn(extensions, languageId) ? extensions[languageId] : undefined) ?? languageId;
  if (scheme === "untitled") return `untitled.${extension}`;
  const folder = folders.map((one) => parts(one).path.replace(/\/?$/, "/")).find((one) => path.startsWith(one));
  const relative = folder === undefined ? path : path.slice(folder.length);
  const name = relative.split("/").filter(Boolean).slice(-2).join("/");
  return scheme === "vscode-notebook-cell" ? name.replace(/\.[^./]*$/, `.${extension}`) : name;
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

function parts(uri: string): { readonly scheme: string; readonly path: string } {
  const match = /^([a-z][\w+.-]*):(?:\/\/[^/]*)?([^?#]*)/i.exec(uri);
  if (match === null) return { scheme: "", path: uri };
  const [, scheme = "", path = ""] = match;
  return { scheme: scheme.toLowerCase(), path: decoded(path) };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // not percent-encoded after all: the path names the document as it stands
  }
}
