import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import test from "node:test";
import { root } from "../support/paths.js";

test("the bundle for translators has exactly the texts of the extension; npm run l10n writes it", async () => {
  const script = pathToFileURL(path.join(root, "scripts/l10n.mjs")).href;
  // Imported at run time, not bundled, because l10n-dev loads grammars from its own folder.
  const { bundleOfTexts } = (await import(script)) as { readonly bundleOfTexts: () => Promise<string> };
  assert.equal(readFileSync("l10n/bundle.l10n.json", "utf8"), await bundleOfTexts());
});

test("the manifest's texts and those in package.nls.json are the same set", () => {
  const manifest = readFileSync("package.json", "utf8");
  const used = [...manifest.matchAll(/"%([\w.]+)%"/g)].map(([, name]) => name!);
  const texts = JSON.parse(readFileSync("package.nls.json", "utf8")) as Record<string, string>;
  assert.deepEqual([...new Set(used)].sort(), Object.keys(texts).sort());
});
