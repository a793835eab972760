import type { GitChange, GitRepository } from "./gitApi.js";

/** UTF-16 units of a diff that the model reads: some thousand tokens. */
const maxLength = 24_000;

/**
 * The diff of a commit: of the staged changes or, if there are none, of all changes. Excluded files are left out, and so are
 * new files that are not staged, because they have no diff.
 * @returns empty if there is nothing to describe.
 */
export async function changesOf(
  repository: GitRepository,
  isExcluded: (uri: GitChange["uri"]) => boolean,
): Promise<string> {
  const { indexChanges, workingTreeChanges } = repository.state;
  const isStaged = indexChanges.length > 0;
  const changes = (isStaged ? indexChanges : workingTreeChanges).filter(({ uri }) => !isExcluded(uri));
  const diffs: string[] = [];
  let length = 0;
  for (const { uri } of changes) {
    if (length >= maxLength) break;
    const diff = isStaged ? await repository.diffIndexWithHEAD(uri.fsPath) : await repository.diffWithHEAD(uri.fsPath);
    if (diff.trim() === "") continue;
    diffs.push(diff.trimEnd());
    length += diff.length;
  }
  return diffs.join("\n").slice(0, maxLength);
}

/** The message in a reply, without the fence, quotes or heading that a model may put around it. */
export function messageIn(reply: string): string {
  const fenced = /^(`{3,}|~{3,})[^\n]*\n([^]*?)\n\1/m.exec(reply)?.[2];
  const text = (fenced ?? reply).trim().replace(/^(?:\*\*)?commit message:?(?:\*\*)?:?\s*/i, "");
  return /^(["'`]).*\1$/s.exec(text) === null ? text : text.slice(1, -1).trim();
}
