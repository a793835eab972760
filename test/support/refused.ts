import assert from "node:assert/strict";
import test from "node:test";
import { inTemporaryFolder } from "./temporary.js";

/** Far above what any bad file needs: an endless loop fails, a slow machine does not. */
export const timeout = 60_000;

/** Whether an error is a ModelError that begins with a file's name and contains the reason. */
export function refusedBy(file: string, message: RegExp): (error: Error) => true {
  return (error) => {
    assert.equal(error.name, "ModelError", error.stack);
    assert.ok(error.message.startsWith(`${file}: `), error.message);
    assert.match(error.message, message);
    return true;
  };
}

/**
 * A test that reading a bad file fails with a ModelError that contains the reason. @param read gets a folder of its
 * own.
 */
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
