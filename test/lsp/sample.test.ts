import assert from "node:assert/strict";
import test from "node:test";
import { completionSample, generationSample, type Sample } from "../../src/extension/sampleText.js";
import { LspServer } from "../support/lspServer.js";

const uri = "untitled:sample";

function cursorIn({ text, offset }: Sample): { readonly line: number; readonly character: number } {
  const above = text.slice(0, offset).split("\n");
  return { line: above.length - 1, character: above.at(-1)!.length };
}

for (const confidence of ["balanced", "careful"] as const) {
  test(`the embedded model completes the walkthrough's sample correctly, in one piece, at ${confidence}`, async (t) => {
    const server = await LspServer.start({ settings: { confidence } });
    t.after(() => server.stop());
    await server.open(uri, completionSample.text);
    await server.status("ready");
    const [item] = await server.completeAt(uri, cursorIn(completionSample), "automatic");
    assert.equal(item?.insertText, 'throw new RangeError("The list of values is empty");');
  });
}

const body = `if (depth < 0) {
      throw new RangeError("The depth is negative");
    }
    this.depth = depth;`;

test("Generate writes the whole method of the walkthrough's other sample correctly", async (t) => {
  const server = await LspServer.start();
  t.after(() => server.stop());
  await server.open(uri, generationSample.text);
  await server.status("ready");
  let written = "";
  await server.generate(uri, cursorIn(generationSample), (delta) => {
    written += delta.text;
  });
  assert.equal(written, body);
});
