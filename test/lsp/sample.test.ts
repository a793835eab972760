import assert from "node:assert/strict";
import test from "node:test";
import { sampleOffset, sampleText } from "../../src/extension/sampleText.js";
import { LspServer } from "../support/lspServer.js";

const right = 'throw new RangeError("The list of values is empty");';
const above = sampleText.slice(0, sampleOffset).split("\n");
const cursor = { line: above.length - 1, character: above.at(-1)!.length };

for (const confidence of ["balanced", "careful"] as const) {
  test(`the embedded model completes the walkthrough's sample correctly, in one piece, at ${confidence}`, async (t) => {
    const server = await LspServer.start({ settings: { confidence } });
    t.after(() => server.stop());
    await server.open("untitled:sample", sampleText);
    await server.status("ready");
    const [item] = await server.completeAt("untitled:sample", cursor, "automatic");
    assert.equal(item?.insertText, right);
  });
}

test("Generate writes the walkthrough's sample correctly", async (t) => {
  const server = await LspServer.start();
  t.after(() => server.stop());
  await server.open("untitled:sample", sampleText);
  await server.status("ready");
  let written = "";
  await server.generate("untitled:sample", cursor, (delta) => {
    written += delta.text;
  });
  assert.equal(written, right);
});
