import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";

test("every picture in the README is packaged", () => {
  const pictures = [...readFileSync("README.md", "utf8").matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, file]) => file!);
  assert.ok(pictures.length > 0);
  const packaged = readFileSync(".vscodeignore", "utf8").split("\n");
  for (const picture of pictures) {
    assert.ok(existsSync(picture), picture);
    assert.ok(packaged.includes(`!${picture}`), picture);
  }
});
