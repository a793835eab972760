import type { CompletionEngine } from "../src/core/engine/completionEngine.js";
import { type Model } from "../src/core/model.js";
import { quantile } from "../src/core/statistics.js";
import { typescript } from "../test/support/generatedText.js";
import { Typist } from "./typing.js";
import { Cancelled } from "../src/shared/cancellation.js";

/** Milliseconds from a keystroke to its completion: alone, and while a chat reply is being written. */
export interface BesideChat {
  readonly aloneP50Ms: number;
  readonly aloneP95Ms: number;
  readonly besideP50Ms: number;
  readonly besideP95Ms: number;
  readonly keys: number;
}

const lines = 1_000;

/**
 * Types a line in two documents, in one of them while a reply is being written. Alternates between the two with each
 * key, so that other load on the machine affects both equally.
 */
export async function besideChat(model: Model, typed: string): Promise<BesideChat> {
  const [alone, beside] = [new Typist(model, typescript(lines, 0), ""), new Typist(model, typescript(lines, 0), "")];
  await alone.readDocument();
  await beside.readDocument();
  const times: { readonly alone: number[]; readonly beside: number[] } = { alone: [], beside: [] };
  const timed = async (typist: Typist, character: string, into: number[]): Promise<void> => {
    const start = performance.now();
    if ((await typist.key(character)) !== undefined) into.push(performance.now() - start);
  };
  for (const character of typed) {
    await timed(alone, character, times.alone);
    const stop = await startReply(beside.engine);
    await timed(beside, character, times.beside);
    await stop();
  }
  await beside.engine.dispose();
  return {
    aloneP50Ms: quantile(times.alone, 0.5),
    aloneP95Ms: quantile(times.alone, 0.95),
    besideP50Ms: quantile(times.beside, 0.5),
    besideP95Ms: quantile(times.beside, 0.95),
    keys: times.beside.length,
  };
}

/** Starts a reply and waits for its first text. @returns a function that stops the reply. */
async function startReply(engine: CompletionEngine): Promise<() => Promise<void>> {
  const cancellation = { isCancellationRequested: false };
  const turns = [{ message: typescript(20, 7), attachments: [], think: false, reply: undefined }];
  const request = { turns, system: "", scratchPath: "untitled.ts", seed: 1 };
  let written: Promise<unknown> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    written = engine
      .reply(
        request,
        () => {
          resolve();
        },
        cancellation,
      )
      .then(() => {
        resolve();
      })
      .catch((error: unknown) => {
        if (!(error instanceof Cancelled)) reject(error instanceof Error ? error : new Error(String(error)));
      });
  });
  return async () => {
    cancellation.isCancellationRequested = true;
    await written;
  };
}
