import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { ESLint } from "eslint";
import prettier from "prettier";
import { root } from "../support/paths.js";

const files = ["src", "media", "bench", "scripts"]
  .flatMap(filesIn)
  .filter((name) => /\.(ts|mjs)$/.test(name) && name !== path.join("media", "sample.ts"));

function filesIn(folder: string): string[] {
  const names = readdirSync(path.join(root, folder), { encoding: "utf8", recursive: true });
  return names.map((name) => path.join(folder, name));
}

test("no source file is left out of formatting", async () => {
  const ignorePath = [".gitignore", ".prettierignore"].map((name) => path.join(root, name));
  for (const file of files) {
    const { ignored } = await prettier.getFileInfo(path.join(root, file), { ignorePath });
    assert.equal(ignored, false, file);
  }
});

test("no source file is left out of lint", async () => {
  const eslint = new ESLint({ cwd: root });
  for (const file of files) assert.equal(await eslint.isPathIgnored(file), false, file);
});
