import assert from "node:assert/strict";
import test from "node:test";
import { inTemporaryFolder } from "./temporary.js";

/** Far above what any bad file needs: an endless loop fails, a slow machine does not. */
export const timeout = 60_000;

/** A test: reading a bad file fails with a ModelError that says what is wrong. @param read gets a folder of its own. */
export function testRefused(title: string, read: (folder: string) => void, message: RegExp): void {
  test(title, { timeout }, () =>
    inTemporaryFolder((folder) => {
      assert.throws(
        () => {
          read(folder);
        },
        (error: Error) => {
          assert.equal(error.name, "ModelError", error.stack);
          assert.match(error.message, message);
          return true;
        },
      );
    }),
  );
}
