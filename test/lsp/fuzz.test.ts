import assert from "node:assert/strict";
import test from "node:test";
import { killServers } from "../fuzz/killServers.js";
import { fuzzLsp } from "../fuzz/lspFuzz.js";

/** A short run of what `npm run fuzz:lsp` does for longer. */
test("hostile messages cause no crash or hang, are each answered once, and no user text is logged", async (t) => {
  const run = await fuzzLsp({ seed: 1, messages: 1500 });
  assert.ok(run.errors > 100, `${run.errors}`);
  assert.ok(run.completions > 20, `${run.completions}`);
  assert.ok(run.logBytes > 0);
  t.diagnostic(`${run.sent} messages, ${run.requests} requests, ${run.completions} completions`);
});

test("a server that is killed at a random moment leaves no file and no process", async () => {
  const { changedFiles, orphans } = await killServers({ seed: 1, kills: 5 });
  assert.deepEqual(changedFiles, []);
  assert.equal(orphans, 0);
});
