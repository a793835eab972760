import assert from "node:assert/strict";
import test from "node:test";
import { documentAfter, type Surface } from "./scriptedModel.js";

/**
 * How the text is inserted, the file's path, the document with ¦ at the cursor, the text that the model writes, and the
 * resulting document; null if nothing is inserted.
 */
export type Place = readonly [surface: Surface, path: string, document: string, writes: string, after: string | null];

/** Declares one test per row. */
export function testPlaces(kind: string, places: readonly Place[]): void {
  for (const [surface, path, document, writes, after] of places) {
    test(`${kind}: ${JSON.stringify(writes)} in ${JSON.stringify(document)}, ${surface}`, async () => {
      const expected = after ?? document.replace("¦", "");
      assert.equal(await documentAfter(surface, { path, document, writes }), expected);
    });
  }
}
