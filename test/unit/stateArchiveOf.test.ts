import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import type { Model } from "../../src/core/model.js";
import { stateArchiveOf } from "../../src/server/stateArchive.js";
import { storedStatesFolder } from "../../src/shared/storedStatesFolder.js";
import { defaultSettings } from "../../src/shared/protocol.js";
import type { StoredStates } from "../../src/storedStates/storedStates.js";
import { modelOf, placeOf, save, stateOf } from "../support/storedStates.js";
import { inTemporaryFolder } from "../support/temporary.js";

/** The archive of a server whose client provides this storage folder, if any. */
function archiveIn(storage: string | undefined): StoredStates | undefined {
  const archive = stateArchiveOf(modelOf("m") as unknown as Model, {
    storage: () => storage,
    settings: () => ({ ...defaultSettings, checkpointDiskMB: 3 }),
    isExcluded: (uri) => uri.endsWith(".env"),
    onError: (error) => {
      throw error;
    },
  });
  return archive as StoredStates | undefined; // the class that `stateArchiveOf` constructs
}

test("states are kept only if the client offers a folder, and take up the megabytes of the setting", () =>
  inTemporaryFolder((folder) => {
    assert.equal(archiveIn(undefined), undefined);
    assert.equal(archiveIn(folder)!.maxDocumentBytes, (3 * 2 ** 20) / 8);
  }));

for (const [claim, uri, isKept] of [
  ["a file", "file:///a.ts", true],
  ["an excluded file", "file:///a.env", false],
  ["a document that is no file", "untitled:a.ts", false],
  ["an excluded document that is no file", "untitled:a.env", false],
] as const) {
  test(`states of ${claim} are ${isKept ? "" : "not "}kept`, () =>
    inTemporaryFolder(async (folder) => {
      const state = stateOf(1);
      const places = await save(archiveIn(folder)!, [state], uri);
      assert.deepEqual(places, isKept ? [placeOf(state)] : []);
      const again = archiveIn(folder)!;
      assert.deepEqual(await again.placesOf(uri), places);
      assert.equal(path.dirname(storedStatesFolder(folder)), folder);
    }));
}
