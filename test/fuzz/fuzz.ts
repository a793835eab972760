import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { randomFrom } from "../support/random.js";
import { mutated } from "./mutate.js";
import type { FuzzedReader } from "./fuzzedReader.js";

/**
 * Limits for the processor time of one case, and for the growth of memory over all cases. These small files need far
 * less.
 */
const maxCaseMs = 2000;
const maxAddedBytes = 512 * 2 ** 20;

export interface FuzzRun {
  readonly cases: number;
  /** How many cases the reader accepted. It refused the others. */
  readonly accepted: number;
}

export interface FuzzOptions {
  readonly seed: number;
  /** The number of the first case. */
  readonly first: number;
  /** Called before each case, with the number of cases so far. If it returns true, the run ends. */
  readonly isDone: (cases: number) => boolean;
  /** The folder for the files. If a case fails, its file remains there. */
  readonly folder: string;
}

/**
 * Passes mutated files to a reader. The file of a case depends only on the seed and the case's number.
 * @throws Error that names the case, if the reader throws an error other than a refusal, or takes too much time or
 * memory
 */
export function fuzz(name: string, reader: FuzzedReader, options: FuzzOptions): FuzzRun {
  const { seed, first, isDone, folder } = options;
  const file = path.join(folder, reader.fileName);
  mkdirSync(folder, { recursive: true });
  for (const [other, bytes] of Object.entries(reader.beside ?? {})) writeFileSync(path.join(folder, other), bytes);
  const baseBytes = peakBytes();
  let accepted = 0;
  let cases = 0;
  for (; !isDone(cases); cases++) {
    const number = first + cases;
    const failed = (what: string, cause?: unknown): Error =>
      new Error(`${name}: ${what}; again: --reader "${name}" --seed ${seed} --first ${number}; the file: ${file}`, {
        cause,
      });
    writeFileSync(file, reader.fileOf(mutated(reader, randomFrom((seed * 0x9e3779b1 + number) >>> 0))));
    const start = process.cpuUsage();
    try {
      reader.read(file);
      accepted++;
    } catch (error) {
      if (!isRefusal(reader, error)) throw failed(`case ${number} throws ${String(error)}`, error);
    }
    const { user, system } = process.cpuUsage(start);
    if ((user + system) / 1000 > maxCaseMs) throw failed(`case ${number} takes ${(user + system) / 1000} ms`);
    const added = peakBytes() - baseBytes;
    if (added > maxAddedBytes) throw failed(`case ${number} adds ${added} bytes of memory`);
  }
  return { cases, accepted };
}

function isRefusal({ refusal = /^ModelError: / }: FuzzedReader, error: unknown): boolean {
  return error instanceof Error && refusal.test(String(error));
}

/** The maximum memory that this process has ever used, in bytes. */
function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
