import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";

const english = readFileSync("README.md", "utf8");
const chinese = readFileSync("README.zh-CN.md", "utf8");
const packaged = readFileSync(".vscodeignore", "utf8").split("\n");

const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, one]) => one!);

test("every picture in the READMEs is packaged, and so are both READMEs", () => {
  for (const readme of [english, chinese]) {
    const pictures = found(readme, /!\[[^\]]+\]\(([^)]+)\)/g);
    assert.ok(pictures.length > 0);
    for (const picture of pictures) {
      assert.ok(existsSync(picture), picture);
      assert.ok(packaged.includes(`!${picture}`), picture);
    }
  }
  for (const file of ["README.md", "README.zh-CN.md"]) assert.ok(packaged.includes(`!${file}`), file);
});

/** The parts that a translation must have in common with its original. */
const parts: Readonly<Record<string, (readme: string) => unknown>> = {
  headings: (readme) => found(readme, /^(#+) /gm),
  "the rows of each table": (readme) => readme.split(/^#+ .*$/m).map((one) => found(one, /^(\|)/gm).length),
  "the items of each list": (readme) => readme.split(/^#+ .*$/m).map((one) => found(one, /^(-) /gm).length),
  // Links of two kinds are left out, because they differ: links to headings, which are translated, and the link to the
  // other README.
  links: (readme) => found(readme, /\]\(([^)#][^)]*)\)/g).filter((link) => !link.startsWith("README")),
  code: (readme) => found(readme, /`([^`]+)`/g).sort(),
};
for (const [what, partsOf] of Object.entries(parts)) {
  test(`README.zh-CN.md has the same as README.md: ${what}`, () => {
    assert.deepEqual(partsOf(chinese), partsOf(english));
  });
}

test("README.zh-CN.md names commands as the menus do", () => {
  const names = new Set(Object.values(JSON.parse(readFileSync("package.nls.zh-cn.json", "utf8")) as object));
  const notCommands = new Set(["RWKV", "丢弃", "生成", "从地址或仓库获取…"]);
  for (const name of found(chinese, /(?<![*\w])\*([^*\n]+)\*(?!\*)/g)) {
    const command = name.replace(/^RWKV Code: /, "");
    assert.ok(notCommands.has(command) || names.has(command), command);
  }
});

test("each README links to the other", () => {
  assert.match(english, /\]\(README\.zh-CN\.md\)/);
  assert.match(chinese, /\]\(README\.md\)/);
});

/** Questions of newcomers, with the answer in the English README, and words that the answer in each README contains. */
const questions: readonly (readonly [string, RegExp, RegExp])[] = [
  ["How do I accept a suggestion?", /^\| accept ghost text \| Tab;/m, /\| Tab/],
  ["How do I turn it off for Markdown?", /click \*RWKV\* in the status bar and turn completions off or on/, /"markdown": true/],
  ["Does my code leave the machine?", /^- Your code never leaves this machine\./m, /本机。不联网/],
  ["Which model should I get?", /\*\*Which one to get\?\*\* For completions alone, keep the embedded model/, /\*\*该选哪一个？\*\*/],
  ["How do I remove everything?", /^Counts[^\n]* To remove everything, first run/m, /要全部删除/],
]; // prettier-ignore

for (const [question, inEnglish, inChinese] of questions) {
  test(`the READMEs answer: ${question}`, () => {
    assert.match(english, inEnglish);
    assert.match(chinese, inChinese);
  });
}
