import type { GitChange, GitRepository } from "./gitApi.js";

/** Maximum length of the diff that the model reads, in UTF-16 code units: a few thousand tokens. */
const maxLength = 24_000;

/**
 * The diff of a commit: of the staged changes or, if there are none, of all changes. Excluded files are left out, and
 * so are new files that are not staged, because they have no diff.
 * @returns an empty text if there is nothing to describe.
 */
export async function changesOf(
  repository: GitRepository,
  isExcluded: (uri: GitChange["uri"]) => boolean,
): Promise<string> {
  const { indexChanges, workingTreeChanges } = repository.state;
  const isStaged = indexChanges.length > 0;
  const changes = (isStaged ? indexChanges : workingTreeChanges).filter(
    ({ uri, originalUri }) => !isExcluded(uri) && !isExcluded(originalUri),
  );
  const diffs: string[] = [];
  let length = 0;
  for (const { uri } of changes) {
    if (length >= maxLength) break;
    const diff = isStaged ? await repository.diffIndexWithHEAD(uri.fsPath) : await repository.diffWithHEAD(uri.fsPath);
    const own = sectionOf(diff, pathIn(repository.rootUri.path, uri.path));
    if (own === "") continue;
    diffs.push(own);
    length += own.length;
  }
  return diffs.join("\n").slice(0, maxLength);
}

function pathIn(root: string, file: string): string {
  return file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file;
}

/**
 * The part of a diff that is about one file. Git treats a path as a pattern, so `*` in a name matches other files too.
 */
function sectionOf(diff: string, file: string): string {
  const sections = diff.split(/^(?=diff --git )/m);
  return (sections.find((section) => targetOf(section) === file) ?? "").trimEnd();
}

/** The new name in a header such as `diff --git a/old b/new`; Git quotes names with special characters. */
function targetOf(section: string): string | undefined {
  const [header = ""] = section.split("\n", 1);
  const quoted = /"b\/((?:[^"\\]|\\.)*)"$/.exec(header)?.[1];
  if (quoted !== undefined) return unquoted(quoted);
  const names = header.slice("diff --git a/".length);
  // Without a rename, the header has the same name twice, and the name may contain " b/".
  const half = (names.length - " b/".length) / 2;
  if (names.slice(0, half) === names.slice(half + " b/".length)) return names.slice(0, half);
  return / b\/(.*)$/.exec(names)?.[1];
}

const escapes: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f", v: "\v", a: "\x07" };

/** Decodes C escape sequences. An octal escape is one byte of UTF-8. */
function unquoted(text: string): string {
  const bytes = [...text.matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gs)].map(([, octal, escape = "", plain]) => {
    if (octal !== undefined) return Buffer.of(parseInt(octal, 8));
    return Buffer.from(plain ?? escapes[escape] ?? escape);
  });
  return Buffer.concat(bytes).toString("utf8");
}

/** The commit message in a reply, without the fence, quotes or heading that a model may put around it. */
export function messageIn(reply: string): string {
  const fenced = /^(`{3,}|~{3,})[^\n]*\n([^]*?)\n\1/m.exec(reply)?.[2];
  const text = (fenced ?? reply).trim().replace(/^(?:\*\*)?commit message:?(?:\*\*)?:?\s*/i, "");
  return /^(["'`]).*\1$/s.exec(text) === null ? text : text.slice(1, -1).trim();
}
