import assert from "node:assert/strict";
import test from "node:test";
import { inTemporaryFolder } from "./temporary.js";

/** Milliseconds. Reading a bad file takes far less, so an endless loop fails the test, but a slow machine does not. */
export const timeout = 60_000;

/** Checks that an error is a ModelError whose message begins with the file's name and matches `message`. */
export function refusedBy(file: string, message: RegExp): (error: Error) => true {
  return (error) => {
    assert.equal(error.name, "ModelError", error.stack);
    assert.ok(error.message.startsWith(`${file}: `), error.message);
    assert.match(error.message, message);
    return true;
  };
}

/**
 * Declares a test that reading a bad file fails with a ModelError that matches `message`.
 * @param read writes the file into a temporary folder and reads it
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
