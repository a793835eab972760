import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

type Texts = Readonly<Record<string, string>>;

function textsIn(file: string): Texts {
  return JSON.parse(readFileSync(file, "utf8")) as Texts;
}

/** The parts that a translation must keep: placeholders, command links, text in backquotes, and names of settings. */
function fixedParts(text: string): string[] {
  return (text.match(/\{\d+\}|\(command:[^)]*\)|``[^`]+``|`[^`]+`|rwkvCode\.\w+/g) ?? []).sort();
}

for (const [english, translated] of [
  ["package.nls.json", "package.nls.zh-cn.json"],
  ["l10n/bundle.l10n.json", "l10n/bundle.l10n.zh-cn.json"],
] as const) {
  test(`${translated} has each text once, with its placeholders and links`, () => {
    const [texts, translations] = [textsIn(english), textsIn(translated)];
    assert.deepEqual(Object.keys(translations).sort(), Object.keys(texts).sort());
    for (const [key, text] of Object.entries(texts)) {
      assert.deepEqual(fixedParts(translations[key]!), fixedParts(text), key);
      assert.notEqual(translations[key]!.trim(), "", key);
    }
  });

  test(`${translated} is Chinese, except for names and formats`, () => {
    const same = Object.entries(textsIn(translated)).filter(([, text]) => !/\p{Script=Han}/u.test(text));
    const names = new Set(["RWKV", "RWKV Code", "{0}/{1}", "{0}（{1}/{2}）"]);
    assert.deepEqual(
      same.map(([, text]) => text).filter((text) => !names.has(text)),
      [],
    );
  });
}
