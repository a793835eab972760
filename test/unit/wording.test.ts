import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";

type Texts = Readonly<Record<string, string>>;

const textsIn = (file: string): Texts => JSON.parse(readFileSync(file, "utf8")) as Texts;
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  readonly contributes: { readonly commands: readonly { readonly command: string; readonly title: string }[] };
};
const titles = new Map(manifest.contributes.commands.map(({ command, title }) => [command, title.replaceAll("%", "")]));
const sourcesIn = (folder: string): string[] =>
  (readdirSync(folder, { recursive: true }) as string[])
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(path.join(folder, file), "utf8"));

/** List entries and buttons that run one of our commands, with their labels. */
const entries = sourcesIn("src/extension").flatMap((source) =>
  [
    ...source.matchAll(/label: (?:`\$\([\w-]+\) \$\{)?t\("([^"]+)"\)(?:(?!label:)[^;])*?command: "(rwkvCode\.\w+)"/g),
  ].map(([, label, name]) => ({ label: label!, name: name! })),
);

for (const [language, manifest, bundle] of [
  ["English", "package.nls.json", "l10n/bundle.l10n.json"],
  ["Chinese", "package.nls.zh-cn.json", "l10n/bundle.l10n.zh-cn.json"],
] as const) {
  test(`an entry that runs a command has the command's own name, in ${language}`, () => {
    assert.ok(entries.length >= 20, `${entries.length} entries`);
    const [names, texts] = [textsIn(manifest), textsIn(bundle)];
    for (const { label, name } of entries) assert.equal(texts[label], names[titles.get(name)!], name);
  });
}

const english = ["package.nls.json", "l10n/bundle.l10n.json", "README.md", "npm/README.md"];
const chinese = ["package.nls.zh-cn.json", "l10n/bundle.l10n.zh-cn.json", "README.zh-CN.md"];

test("texts for users say machine, never computer", () => {
  for (const file of english) assert.doesNotMatch(readFileSync(file, "utf8"), /\bcomputers?\b/i, file);
  for (const file of chinese) assert.doesNotMatch(readFileSync(file, "utf8"), /电脑|计算机/, file);
});

test("a speed says whether it is one of reading or of writing", () => {
  const lines = [...english.map((file) => readFileSync(file, "utf8")), ...sourcesIn("src/cli")].flatMap((text) =>
    text.split(/\n|(?<=[a-z)]\.) /),
  );
  // Rows in lists have room only for the number. All speeds in rows are writing speeds.
  const short = /^\s*"≈?\{0\} tokens\/s":/;
  const speeds = lines.filter((line) => /tokens(\/s| (a|per) second)/.test(line) && !short.test(line));
  assert.ok(speeds.length >= 5, `${speeds.length} speeds`);
  for (const line of speeds) assert.match(line, /\b(writes?|wrote|written|reads?|reading)\b/, line);
});
