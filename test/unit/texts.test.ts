import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";

test("every text of the extension is in the bundle for translators, and nothing else is", () => {
  const folders = ["src/extension", "src/hub"];
  const sources = folders.flatMap((folder) =>
    readdirSync(folder, { encoding: "utf8", recursive: true })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => path.join(folder, file)),
  );
  const used = sources.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/\bt\(\s*"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text!),
  );
  const bundle = JSON.parse(readFileSync("l10n/bundle.l10n.json", "utf8")) as Record<string, string>;
  assert.deepEqual([...new Set(used)].sort(), Object.keys(bundle).sort());
});

test("every text that the manifest refers to is there, and nothing else is", () => {
  const manifest = readFileSync("package.json", "utf8");
  const used = [...manifest.matchAll(/"%([\w.]+)%"/g)].map(([, name]) => name!);
  const texts = JSON.parse(readFileSync("package.nls.json", "utf8")) as Record<string, string>;
  assert.deepEqual([...new Set(used)].sort(), Object.keys(texts).sort());
});
