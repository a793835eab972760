// Measures the CPU seconds of the server per hour of typing in a long file:
// npm run build && npm run bench:hour [-- --minutes 4 --lines 10000 --reading all --json]
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { ServerStatistics } from "../../src/shared/protocol.js";
import { RawClient } from "../../test/support/rawClient.js";
import { cpuMs } from "./cpuTime.js";
import { longFile, longFileUri } from "./longFile.js";

const { values: options } = parseArgs({
  options: {
    minutes: { type: "string", default: "4" },
    lines: { type: "string", default: "10000" },
    /** The value of `rwkvCode.backgroundReading`. */
    reading: { type: "string", default: "all" },
    json: { type: "boolean", default: false },
  },
});
const uri = longFileUri;
const lines = longFile(Number(options.lines));

/** The user types 60 characters at a place, at 200 a minute, then thinks for a while and moves to another place. */
const keyMs = 300;
const keysAtOnePlace = 60;
const thinkingMs = 12_000;
const typed = "  const total = items.reduce((sum, item) => sum + item.price, 0);";

async function main(): Promise<void> {
  const client = new RawClient(["serve", "--stdio"]);
  const initializationOptions = { threads: 1, backgroundReading: options.reading };
  await client.initialize({ initializationOptions });
  client.open(uri, lines.join("\n"), "javascript");
  client.notify("textDocument/didFocus", { textDocument: { uri } });
  await client.complete(uri, lines.length - 1, 0);
  await untilIdle(client);
  const readMs = cpuMs(client.child);
  const startMs = performance.now();
  const endMs = startMs + Number(options.minutes) * 60_000;
  let [version, keys, places] = [1, 0, 0];
  while (performance.now() < endMs) {
    // Spreads the places over the whole file, including its top.
    const line = Math.floor(lines.length * ((0.05 + 0.37 * places++) % 1));
    for (let key = 0; key < keysAtOnePlace && performance.now() < endMs; key++) {
      const [at, text] = [(lines[line] ?? "").length, typed[key % typed.length] ?? ""];
      const position = { line, character: at };
      const contentChanges = [{ range: { start: position, end: position }, text }];
      client.notify("textDocument/didChange", { textDocument: { uri, version: ++version }, contentChanges });
      lines[line] = `${lines[line] ?? ""}${text}`;
      // If the next keystroke supersedes the request, the response is an error, which does not matter here.
      void client.complete(uri, line, at + 1, 2).catch(() => undefined);
      keys++;
      await delay(keyMs);
    }
    await delay(thinkingMs);
  }
  const seconds = (cpuMs(client.child) - readMs) / 1000;
  const hours = (performance.now() - startMs) / 3_600_000;
  const { requests } = await statistics(client);
  await client.shutDown();
  const result = { firstReadSeconds: readMs / 1000, keys, places, seconds, perHour: seconds / hours, requests };
  if (options.json) console.log(JSON.stringify(result));
  else print(result);
}

interface Result {
  readonly firstReadSeconds: number;
  readonly keys: number;
  readonly places: number;
  readonly seconds: number;
  readonly perHour: number;
  readonly requests: ServerStatistics["requests"];
}

function print({ firstReadSeconds, keys, places, seconds, perHour, requests }: Result): void {
  const { exact, converged, stale, window } = requests;
  const kinds = `${exact} exact, ${converged} converged, ${stale} stale, ${window} window`;
  console.log(`start and first reading: ${firstReadSeconds.toFixed(1)} CPU seconds`);
  console.log(`${keys} keys at ${places} places (${kinds}): ${seconds.toFixed(1)} CPU seconds`);
  console.log(`${perHour.toFixed(0)} CPU seconds per hour of typing, ${(perHour / 36).toFixed(1)} % of one core`);
}

/** Waits until background reading has made no progress for two seconds. */
async function untilIdle(client: RawClient): Promise<void> {
  for (let [last, quiet] = [-1, 0]; quiet < 10;) {
    await delay(200);
    const read = (await statistics(client)).documents[0]?.tokensRead ?? 0;
    quiet = read === last ? quiet + 1 : 0;
    last = read;
  }
}

async function statistics(client: RawClient): Promise<ServerStatistics> {
  return (await client.request("rwkv/statistics"))["result"] as ServerStatistics;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
