import assert from "node:assert/strict";
import test from "node:test";
import { fileUri, fireEdit } from "../support/vscodeStandIn.js";
import { CompletionClient } from "../../src/extension/completionClient.js";
import type { CompletionClientOptions } from "../../src/extension/completionClientOptions.js";
import type { Settings } from "../../src/extension/settings.js";
import { defaultSettings } from "../../src/shared/protocol.js";

test("the server is started when the only open document, too large until now, shrinks", async () => {
  const settings = { enable: {}, isExcluded: () => false, server: { ...defaultSettings, maxLines: 3 } };
  // The options have all members that are used.
  const server = new CompletionClient({ settings: () => settings as unknown as Settings } as CompletionClientOptions);
  let starts = 0;
  server.start = async () => {
    starts++;
  };
  const document = { uri: fileUri("/a.ts"), languageId: "typescript", lineCount: 4, getText: () => "" };
  fireEdit(document);
  assert.equal(starts, 0);
  fireEdit({ ...document, lineCount: 3 });
  assert.equal(starts, 1);
  await server.dispose();
});
