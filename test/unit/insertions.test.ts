import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { fixtures } from "../support/paths.js";
import { insertedText, type Surface } from "../support/scriptedModel.js";

/**
 * A document `file` with ¦ at the cursor, the text `raw` that the model writes there, and the part that is inserted.
 */
interface Case {
  readonly file: string;
  readonly surface: Surface;
  readonly raw: string;
  readonly expected: string | null;
  readonly why: string;
}

const folder = path.join(fixtures, "insertions");
const cases = JSON.parse(readFileSync(path.join(folder, "cases.json"), "utf8")) as readonly Case[];

for (const { file, surface, raw, expected, why } of cases) {
  test(`${file}, ${surface}: ${why}`, async () => {
    const document = readFileSync(path.join(folder, "inputs", `${file}.txt`), "utf8");
    const script = { path: `src/a${path.extname(file)}`, document, writes: raw };
    assert.equal(await insertedText(surface, script), expected);
  });
}
