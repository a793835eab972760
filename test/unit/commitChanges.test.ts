import assert from "node:assert/strict";
import test from "node:test";
import { fileUri } from "../support/vscodeStandIn.js";
import { changesOf, messageIn } from "../../src/extension/instructions/changes.js";
import type { GitChange, GitRepository } from "../../src/extension/instructions/gitApi.js";

const change = (fsPath: string): GitChange => ({ uri: fileUri(fsPath) });

function repository(staged: readonly string[], changed: readonly string[], diff = (path: string) => `diff ${path}\n`) {
  return {
    state: { indexChanges: staged.map(change), workingTreeChanges: changed.map(change) },
    diffIndexWithHEAD: async (path: string) => `staged ${diff(path)}`,
    diffWithHEAD: async (path: string) => diff(path),
  } as unknown as GitRepository; // what is looked at is there
}

const isExcluded = ({ fsPath }: { readonly fsPath: string }): boolean => fsPath.endsWith(".env");

test("a commit's changes are what is staged, or all if nothing is, without excluded files", async () => {
  assert.equal(await changesOf(repository(["a.ts", ".env"], ["b.ts"]), isExcluded), "staged diff a.ts");
  assert.equal(await changesOf(repository([], ["b.ts", "c.ts", ".env"]), isExcluded), "diff b.ts\ndiff c.ts");
  assert.equal(await changesOf(repository([".env"], ["b.ts"]), isExcluded), "");
});

test("changes without a diff, such as new files that are not staged, leave nothing to describe", async () => {
  const diff = (path: string): string => (path.endsWith(".new") ? "" : `diff ${path}\n`);
  assert.equal(await changesOf(repository([], ["a.new", "b.new"], diff), isExcluded), "");
  assert.equal(
    await changesOf(repository([], ["a.new", "b.ts", "c.new", "d.ts"], diff), isExcluded),
    "diff b.ts\ndiff d.ts",
  );
});

test("a large diff is cut, and what follows is not read", async () => {
  const read: string[] = [];
  const diff = (path: string): string => {
    read.push(path);
    return "x".repeat(20_000);
  };
  const text = await changesOf(repository([], ["a", "b", "c", "d"], diff), isExcluded);
  assert.equal(text.length, 24_000);
  assert.deepEqual(read, ["a", "b"]);
});

const replies: Readonly<Record<string, string>> = {
  "Add a parser": "Add a parser",
  "```\nAdd a parser\n\nIt was missing.\n```": "Add a parser\n\nIt was missing.",
  'Commit message: "Add a parser"': "Add a parser",
  "**Commit message:** Add a parser": "Add a parser",
  "`Add a parser`": "Add a parser",
};
for (const [reply, message] of Object.entries(replies)) {
  test(`the message in ${JSON.stringify(reply)}`, () => {
    assert.equal(messageIn(reply), message);
  });
}
