import type { CompletionEngine } from "../../src/core/engine/completionEngine.js";
import { CheckpointStore } from "../../src/core/states/checkpointStore.js";
import type { CompletionCounter } from "../../src/core/statistics.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import { FakeModel } from "./fakeModel.js";
import { storedIn } from "./storedStates.js";
import { testEngine } from "./testEngine.js";

export const uri = "file:///src/a.ts";
const line = (i: number): string => `const value${i} = compute(${i}, ${i % 7});`;
export const lines = Array.from({ length: 600 }, (_, i) => line(i));

/**
 * A slow model, so that a request may read only 750 tokens on any machine: a quarter of the time budget of 1,000 s,
 * times 3 tokens/s.
 */
export const slowModel = (): FakeModel => new FakeModel({ prefillTokensPerSecond: 3 });

export const fail = (error: unknown): void => {
  throw error;
};

export interface Run {
  readonly engine: CompletionEngine;
  readonly counter: CompletionCounter;
  /** The number of tokens read so far. */
  readonly tokensRead: () => number;
  /** Completes at the end of a line. @returns the kind of state that it started from. */
  readonly complete: (line: number) => Promise<string>;
  /** Resolves once the background reader has read the document to the end of its last full block of 64 tokens. */
  readonly read: () => Promise<void>;
  /** Resolves the next time that background reading stops because nothing is left to read. */
  readonly idle: () => Promise<void>;
}

interface RunOptions {
  readonly folder: string;
  /** Size limit of the folder of states; `maxMemory` limits the states in memory. */
  readonly maxBytes?: number;
  readonly maxMemory?: number;
  /** How many states can be read from the folder. After that, `archive.read` never resolves. */
  readonly readableStates?: number;
}

/** Simulates one run of a server: opens the document, does `work`, and saves the states at the end. */
export async function inRun(
  { folder, maxBytes = 2 ** 20, maxMemory = 2 ** 24, readableStates = Infinity }: RunOptions,
  model: FakeModel,
  text: readonly string[],
  work: (run: Run) => Promise<void>,
) {
  const archive = storedIn(folder, { folder, model, maxBytes: () => maxBytes });
  const flush = archive.flush.bind(archive);
  archive.flush = () => flush(60_000); // the server's own deadline is too short for a busy machine
  const read = archive.read.bind(archive);
  let statesRead = 0;
  archive.read = (key) => (statesRead++ < readableStates ? read(key) : new Promise<never>(() => undefined));
  let onIdle = (): void => undefined;
  const onProgress = (of: string | undefined): void => {
    if (of === undefined) onIdle();
  };
  const background = { quietMs: 0, onProgress, onError: fail };
  const store = new CheckpointStore(maxMemory);
  const { engine, counter } = testEngine(model, { store, archive, background, limits: { timeBudgetMs: 1e6 } });
  const startRuns = model.runs.length;
  const tokensRead = (): number => model.runs.slice(startRuns).reduce((sum, tokens) => sum + tokens, 0);
  engine.documents.open({ uri, headerPath: "src/a.ts" }, text.join("\n"));
  const complete = async (at: number): Promise<string> => {
    const rawLine = text[at]!;
    await engine.complete(
      { uri, line: at, character: rawLine.length, rawLine },
      { trigger: "invoked" },
      neverCancelled,
    );
    return counter.last!.source;
  };
  const idle = (): Promise<void> => new Promise((resolve) => (onIdle = resolve));
  const readWholly = async (): Promise<void> => {
    while (engine.documents.progress()[0]!.tokensRead < 64 * Math.floor(engine.documents.progress()[0]!.tokens / 64)) {
      await idle();
    }
  };
  await work({ engine, counter, tokensRead, complete, read: readWholly, idle });
  await engine.dispose();
  store.checkInvariants();
}
