import "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { restoredAttachments } from "../../src/extension/chat/restoredAttachments.js";
import { storedAttachment } from "../support/storedAttachment.js";
import { inTemporaryFolder } from "../support/temporary.js";

const restored = (text: string) => restoredAttachments(text, ({ path }) => path.includes("excluded"));

/** URIs of attached documents, and whether they are restored. FOLDER contains `a.ts` and `a.ipynb`. */
const documents: readonly (readonly [what: string, uri: string, isRestored: boolean])[] = [
  ["a file", "file://FOLDER/a.ts", true],
  ["a file that is gone", "file://FOLDER/gone.ts", false],
  ["a file that cannot be reached", "file://FOLDER/a.ts/b.ts", true],
  ["an excluded file", "file://FOLDER/excluded.ts", false],
  ["a document that was never saved", "untitled:///Untitled-1", true],
  ["an excluded document that was never saved", "untitled:///excluded.ts", false],
  ["a cell", "vscode-notebook-cell://FOLDER/a.ipynb#W0sZmlsZQ==", true],
  ["a cell of a notebook that is gone", "vscode-notebook-cell://FOLDER/gone.ipynb#W0sZmlsZQ==", false],
  ["a cell of an excluded notebook", "vscode-notebook-cell://FOLDER/excluded.ipynb#W0sZmlsZQ==", false],
  ["a cell of a notebook that was never saved", "vscode-notebook-cell://Untitled-1.ipynb#W0sdW50aXRsZWQ=", true],
  ["a document of another extension", "memfs:///gone.ts", true],
];

for (const [what, uri, isRestored] of documents) {
  test(`an attachment ${isRestored ? "is" : "is not"} restored: ${what}`, () =>
    inTemporaryFolder(async (folder) => {
      for (const name of ["a.ts", "a.ipynb", "excluded.ts", "excluded.ipynb"])
        writeFileSync(path.join(folder, name), "");
      const one = storedAttachment({ uri: uri.replace("FOLDER", folder), tokens: 3 });
      const { attachments, isPartial } = await restored(JSON.stringify([one]));
      assert.deepEqual(attachments, isRestored ? [{ ...one, tokens: 0 }] : []);
      assert.equal(isPartial, !isRestored);
    }));
}

const damages: readonly (readonly [what: string, text: string])[] = [
  ["nothing", ""],
  ["half an array", "["],
  ["an object", "{}"],
  ["null", "[null]"],
  ...["id", "kind", "uri", "label", "languageId", "text", "isWholeFile"].map(
    (name) => [`no ${name}`, JSON.stringify([storedAttachment({ [name]: undefined })])] as const,
  ),
  ["an unknown kind", JSON.stringify([storedAttachment({ kind: "picture" })])],
  ["an inherited kind", JSON.stringify([storedAttachment({ kind: "toString" })])],
];

for (const [what, text] of damages) {
  test(`a damaged file restores nothing: ${what}`, async () => {
    assert.deepEqual((await restored(text)).attachments, []);
  });
}
