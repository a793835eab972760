import { parseArgs } from "node:util";
import { killServers } from "../test/fuzz/killServers.js";
import { fuzzLsp } from "../test/fuzz/lspFuzz.js";

/**
 * npm run fuzz:lsp -- [--messages N] [--kills N] [--seed N]: sends hostile messages, then kills servers at random
 * moments.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      messages: { type: "string", default: "20000" },
      kills: { type: "string", default: "100" },
      seed: { type: "string", default: `${Date.now() % 1_000_000}` },
    },
  });
  const seed = Number(values.seed);
  console.log(`seed ${seed}`);
  const run = await fuzzLsp({
    seed,
    messages: Number(values.messages),
    onProgress: (sent, rssBytes) => {
      if (sent % 2000 < 230) console.log(`${sent} messages, ${mebibytes(rssBytes)} MiB`);
    },
  });
  const [quarter, all] = run.rssBytes.map(mebibytes);
  console.log(`${run.sent} messages, ${run.requests} requests, each answered once, ${run.errors} with an error`);
  console.log(`${run.completions} completions by the model`);
  console.log(`memory with no document open: ${quarter} MiB after a quarter, ${all} MiB after all`);
  console.log(`${run.logBytes} bytes of log, nothing of the user's; no crash, no hang`);
  const kills = await killServers({ seed, kills: Number(values.kills) });
  console.log(`${kills.kills} kills: ${kills.changedFiles.length} files changed, ${kills.orphans} processes left`);
  if (kills.changedFiles.length > 0 || kills.orphans > 0) throw new Error(kills.changedFiles.join("\n"));
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
