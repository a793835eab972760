import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";

/** The numbers of a document's sections, from headings such as `## 7. Title`. */
function sectionsOf(file: string): ReadonlySet<string> {
  return new Set(Array.from(readFileSync(file, "utf8").matchAll(/^## (\d+)\. /gm), ([, number = ""]) => number));
}

interface Reference {
  readonly file: string;
  readonly document: string;
  readonly section: string;
}

/** References of the form `docs/NAME.md §n`. Several sections may follow a name. */
function referencesIn(file: string, text: string): Reference[] {
  const named = text.matchAll(/(docs\/[A-Z]+\.md)((?:(?:,| and| to)? §\d+)+)/g);
  return Array.from(named, ([, document = "", sections = ""]) =>
    Array.from(sections.matchAll(/\d+/g), ([section]) => ({ file, document, section })),
  ).flat();
}

function trackedFiles(): string[] {
  const listed = execFileSync(
    "git",
    ["ls-files", "src", "native", "test", "training", "bench", "scripts", "media", "*.md"],
    {
      encoding: "utf8",
    },
  );
  return listed.split("\n").filter((file) => /\.(ts|mjs|cpp|h|c|cu|py|md)$/.test(file) && existsSync(file));
}

const isCheckout = ((): boolean => {
  try {
    execFileSync("git", ["rev-parse", "--git-dir"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

test("every section that the repository refers to exists", { skip: !isCheckout && "not a git checkout" }, () => {
  const references = trackedFiles().flatMap((file) => referencesIn(file, readFileSync(file, "utf8")));
  const missing = references.filter(({ document, section }) => !sectionsOf(document).has(section));
  assert.deepEqual(missing, []);
});

test("several sections may follow one name", () => {
  const found = referencesIn("a.h", "the kernels (docs/RWKV.md §4 and §3), and more");
  assert.deepEqual(
    found.map(({ section }) => section),
    ["4", "3"],
  );
});

test("docs/RWKV.md has the sections 1 to 13, in this order", () => {
  assert.deepEqual(
    [...sectionsOf("docs/RWKV.md")],
    Array.from({ length: 13 }, (_, i) => String(i + 1)),
  );
});
