// Measures requests after jumps to random places of a file that was read completely and is not edited, with different
// amounts of memory for states:
// npm run bench:jumps [-- --lines 10000 --memory 256,40,20,10 --jumps 40 --speed 17000]
import path from "node:path";
import { parseArgs } from "node:util";
import { ReplyTokenCache } from "../../src/core/chat/replyTokenCache.js";
import { CompletionEngine } from "../../src/core/engine/completionEngine.js";
import type { Model } from "../../src/core/model.js";
import { CheckpointStore } from "../../src/core/states/checkpointStore.js";
import { CompletionCounter, quantile, type CompletionSource } from "../../src/core/statistics.js";
import { loadModel } from "../../src/rwkv/load.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import { longFile, longFileUri } from "./longFile.js";
import { tableHead } from "./tableHead.js";

const root = process.cwd();
const { values: options } = parseArgs({
  options: {
    lines: { type: "string", default: "10000" },
    memory: { type: "string", default: "256,40,20,10" },
    jumps: { type: "string", default: "40" },
    speed: { type: "string", default: "17000" },
  },
});

interface Answer {
  readonly source: CompletionSource;
  readonly tokensRead: number;
}

interface Result {
  readonly states: number;
  readonly packed: number;
  /** The requests right after each jump, and those after background reading has become idle. */
  readonly atOnce: readonly Answer[];
  readonly later: readonly Answer[];
}

async function main(): Promise<void> {
  const loaded = await loadModel(path.join(root, "models/default"), { threads: 1 });
  // A fixed speed, because the limits of a request must not depend on how busy this machine is.
  const model: Model = { ...loaded, prefillTokensPerSecond: Number(options.speed) };
  const lines = longFile(Number(options.lines));
  const head = "| memory | states | kept | at once | tokens read, median | later | tokens read, median |";
  console.log(tableHead(head));
  for (const megabytes of options.memory.split(",").map(Number)) {
    for (const isPacking of [false, true]) {
      const result = await measure(isPacking ? model : { ...model, pack: () => undefined }, lines, megabytes);
      console.log(row(megabytes, isPacking, result));
    }
  }
  await loaded.dispose();
}

async function measure(model: Model, lines: readonly string[], megabytes: number): Promise<Result> {
  const store = new CheckpointStore(megabytes * 2 ** 20);
  const counter = new CompletionCounter();
  let [isIdle, onIdle] = [false, (): void => undefined];
  const onProgress = (uri: string | undefined): void => {
    isIdle = uri === undefined;
    if (isIdle) onIdle();
  };
  const onError = (error: unknown): void => {
    throw error;
  };
  const engine = new CompletionEngine({
    model,
    store,
    replyTokens: new ReplyTokenCache(),
    limits: () => ({ timeBudgetMs: 300, maxTokens: 8, threshold: 0 }),
    counter,
    background: { quietMs: 0, onProgress, onError },
  });
  /** Waits until background reading is idle, but at least 20 ms, because reading starts shortly after a request. */
  const read = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    while (!isIdle) await new Promise<void>((resolve) => (onIdle = resolve));
  };
  const ask = async (line: number): Promise<Answer> => {
    const rawLine = lines[line] ?? "";
    const request = { uri: longFileUri, line, rawLine, character: rawLine.length };
    await engine.complete(request, { trigger: "invoked" }, neverCancelled);
    if (counter.last === undefined) throw new Error("the request needed no run");
    return counter.last;
  };
  engine.documents.open({ uri: longFileUri, headerPath: "src/long.js" }, lines.join("\n"));
  engine.documents.focus(longFileUri);
  await read();
  const [atOnce, later]: [Answer[], Answer[]] = [[], []];
  for (let jump = 0, seed = 7; jump < Number(options.jumps); jump++) {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    const line = Math.floor((seed / 0x7fffffff) * (lines.length - 1));
    atOnce.push(await ask(line));
    await read();
    later.push(await ask(line + 1));
    await read();
  }
  const { count: states, packedCount: packed } = store;
  await engine.dispose();
  return { states, packed, atOnce, later };
}

function row(megabytes: number, isPacking: boolean, { states, packed, atOnce, later }: Result): string {
  const kept = isPacking ? `${states}, ${packed} of them packed` : `${states}`;
  return `| ${megabytes} MB | ${isPacking ? "packed if needed" : "never packed"} | ${kept} | ${cells(atOnce)} | ${cells(later)} |`;
}

function cells(answers: readonly Answer[]): string {
  const sources = (["exact", "converged", "stale", "window"] as const).map((source) => {
    return [answers.filter((answer) => answer.source === source).length, source] as const;
  });
  const counts = sources.filter(([count]) => count > 0).map(([count, source]) => `${count} ${source}`);
  return `${counts.join(", ")} | ${quantile(
    answers.map(({ tokensRead }) => tokensRead),
    0.5,
  )}`;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
