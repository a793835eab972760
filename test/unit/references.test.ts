import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import test from "node:test";

/** Numbers of the sections of a document, from headings such as `## 7. Title`. */
function sectionsOf(file: string): ReadonlySet<string> {
  return new Set(Array.from(readFileSync(file, "utf8").matchAll(/^## (\d+)\. /gm), ([, number = ""]) => number));
}

/** Path and text of each tracked line that names a section of a document in docs/. */
function references(): { readonly at: string; readonly document: string; readonly section: string }[] {
  const found = execFileSync("git", ["grep", "-nE", "docs/[A-Z]+\\.md §[0-9]+"], { encoding: "utf8" });
  return found.split("\n").flatMap((line) => {
    const at = line.split(":", 2).join(":");
    const named = line.matchAll(/(docs\/[A-Z]+\.md)((?:(?:,| and| to)? §\d+)+)/g);
    return Array.from(named, ([, document = "", sections = ""]) =>
      Array.from(sections.matchAll(/\d+/g), ([section]) => ({ at, document, section })),
    ).flat();
  });
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
  const missing = references().filter(({ document, section }) => !sectionsOf(document).has(section));
  assert.deepEqual(missing, []);
});

test("docs/RWKV.md has the sections 1 to 13, in this order", () => {
  assert.deepEqual([...sectionsOf("docs/RWKV.md")], Array.from({ length: 13 }, (_, i) => String(i + 1)));
});
