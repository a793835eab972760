import assert from "node:assert/strict";
import test from "node:test";
import { inTemporaryFolder } from "./temporary.js";

/** Milliseconds, far more than reading a bad file takes. An endless loop fails the test, a slow machine does not. */
export const timeout = 60_000;

/** Checks that an error is a ModelError whose message begins with the file's name and contains the reason. */
export function refusedBy(file: string, message: RegExp): (error: Error) => true {
  return (error) => {
    assert.equal(error.name, "ModelError", error.stack);
    assert.ok(error.message.startsWith(`${file}: `), error.message);
    assert.match(error.message, message);
    return true;
  };
}

/**
 * Defines a test that reading a bad file fails with a ModelError that contains the reason. @param read writes and reads
 * the file in a folder of its own.
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
