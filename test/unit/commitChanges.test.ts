import assert from "node:assert/strict";
import test from "node:test";
import { fileUri } from "../support/vscodeStandIn.js";
import { changesOf, messageIn } from "../../src/extension/instructions/changes.js";
import type { GitChange, GitRepository } from "../../src/extension/instructions/gitApi.js";

const change = (name: string, original = name): GitChange => ({
  uri: fileUri(`/w/${name}`),
  originalUri: fileUri(`/w/${original}`),
});
const section = (name: string): string => `diff --git a/${name} b/${name}\n+of ${name}\n`;

/**
 * A repository whose diffs come from `diffOf`. Git treats a path as a pattern, so a diff may contain other files, too.
 */
function repository(
  staged: readonly GitChange[],
  changed: readonly GitChange[],
  diffOf: (name: string) => string = section,
) {
  const nameOf = (path: string): string => path.slice("/w/".length);
  return {
    rootUri: fileUri("/w"),
    state: { indexChanges: staged, workingTreeChanges: changed },
    diffIndexWithHEAD: async (path: string) => diffOf(nameOf(path)).replaceAll("+of", "+staged"),
    diffWithHEAD: async (path: string) => diffOf(nameOf(path)),
  } as unknown as GitRepository; // only these members are used
}

const isExcluded = ({ fsPath }: { readonly fsPath: string }): boolean => fsPath.endsWith(".env");
const names = (...list: readonly string[]): GitChange[] => list.map((name) => change(name));

test("a commit's changes are the staged ones, or all if there are none, without excluded files", async () => {
  const staged = await changesOf(repository(names("a.ts", ".env"), names("b.ts")), isExcluded);
  assert.equal(staged, "diff --git a/a.ts b/a.ts\n+staged a.ts");
  const all = await changesOf(repository([], names("b.ts", "c.ts", ".env")), isExcluded);
  assert.equal(all, (section("b.ts") + section("c.ts")).trimEnd());
  assert.equal(await changesOf(repository(names(".env"), names("b.ts")), isExcluded), "");
  assert.equal(await changesOf(repository([change("a.ts", ".env")], []), isExcluded), "", "renamed");
});

test("changes without a diff, such as new files that are not staged, leave nothing to describe", async () => {
  const diff = (name: string): string => (name.endsWith(".new") ? "" : section(name));
  assert.equal(await changesOf(repository([], names("a.new", "b.new"), diff), isExcluded), "");
  const mixed = await changesOf(repository([], names("a.new", "b.ts", "c.new"), diff), isExcluded);
  assert.equal(mixed, section("b.ts").trimEnd());
});

test("from what Git returns for a pattern, only the file's own section is read", async () => {
  const quoted = 'diff --git "a/\\303\\244 b/x.ts" "b/\\303\\244 b/x.ts"\n+own\n';
  const renamed = "diff --git a/old.ts b/new.ts\nrename from old.ts\n+own\n";
  const own: Readonly<Record<string, string>> = { "*": section("*"), "ä b/x.ts": quoted, "new.ts": renamed };
  for (const [name, part] of Object.entries({ ...own, "a b/c.ts": section("a b/c.ts") })) {
    const diff = (): string => section(".env") + part + section("app/i/p.ts");
    assert.equal(await changesOf(repository([], names(name), diff), isExcluded), part.trimEnd(), name);
  }
});

test("a large diff is cut, and what follows is not read", async () => {
  const read: string[] = [];
  const diff = (name: string): string => {
    read.push(name);
    return section(name) + "x".repeat(20_000);
  };
  const text = await changesOf(repository([], names("a", "b", "c", "d"), diff), isExcluded);
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
