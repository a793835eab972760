import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { randomFrom } from "../support/random.js";
import { mutated } from "./mutate.js";
import type { FuzzedReader } from "./fuzzedReader.js";

/** Limits far above what these small files need: processor time per case, and memory growth. */
const maxCaseMs = 2000;
const maxAddedBytes = 512 * 2 ** 20;

export interface FuzzRun {
  readonly cases: number;
  /** Cases that the reader accepted; it refused the others. */
  readonly accepted: number;
}

export interface FuzzOptions {
  readonly seed: number;
  /** The number of the first case. */
  readonly first: number;
  /** Checked before each case. */
  readonly isDone: (cases: number) => boolean;
  /** Where the files are written; a failing case is kept there. */
  readonly folder: string;
}

/**
 * Gives mutated files to a reader. A case depends only on the seed and its number.
 * @throws with the case if the reader throws anything other than a refusal, or needs too much time or memory.
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

/** The peak memory of this process. */
function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}
