import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

declare const tensorsHandle: unique symbol;
declare const modelHandle: unique symbol;
declare const readerHandle: unique symbol;
/** Handles refer to memory of the addon, which `close` or the garbage collector frees. */
export interface TensorsHandle {
  readonly [tensorsHandle]: true;
}
export interface ModelHandle {
  readonly [modelHandle]: true;
}
export interface ReaderHandle {
  readonly [readerHandle]: true;
}

/**
 * Rows of a tensor in a form that the addon accepts: fp32 (Float32Array), fp16 or bf16 (Uint16Array), or our 8-bit
 * (Int8Array) and 4-bit (Uint8Array, two values per byte) layouts with their scales.
 */
export interface AddonRows {
  readonly name: string;
  /** "transposed": an unquantized matrix that is stored [in, out]. All its rows must be passed in one call. */
  readonly role: "vector" | "matrix" | "transposed" | "embedding";
  /** Number of rows of the entire tensor; a vector has one row. */
  readonly totalRows: number;
  /** Number of rows in this call: a multiple of 64, except in the last call. */
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array | Uint16Array | Int8Array | Uint8Array;
  readonly scales?: Float32Array;
  readonly isBf16?: boolean;
}

export interface AddonSizes {
  readonly version: 4 | 5 | 6 | 7;
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly ffnWidth: number;
  readonly vocabularySize: number;
  readonly groupNormEps: number;
}

/** The exports of native/binding. Each function throws a TypeError if an argument is invalid. */
export interface Addon {
  /** Names of the instruction sets that this processor supports, the fastest one last. */
  instructionSets(): string[];
  createTensors(): TensorsHandle;
  /**
   * Packs the next rows of a tensor on another thread. Wait for the promise before adding more.
   * Rejects with a TypeError if the rows do not fit the tensor's role or its previous rows.
   */
  addRows(tensors: TensorsHandle, rows: AddonRows): Promise<void>;
  /** Creates a model, which keeps the tensors alive. */
  createModel(sizes: AddonSizes, tensors: TensorsHandle, instructionSet: number): ModelHandle;
  /** Opens a reader with the empty state. */
  openReader(model: ModelHandle): ReaderHandle;
  save(reader: ReaderHandle, into: Float32Array): void;
  /** @param state a saved state, a packed state, or undefined for the empty state. */
  restore(reader: ReaderHandle, state: Float32Array | Uint8Array | undefined): void;
  /** The relative distance of the working state to `state`, saved or packed: ‖working − state‖ / ‖state‖. */
  distance(reader: ReaderHandle, state: Float32Array | Uint8Array): number;
  /**
   * Rounds a saved state to 8 bits, with a scale for each 64 numbers.
   * @returns false if a number is not finite or too large; `into` is then invalid.
   */
  packState(state: Float32Array, into: Uint8Array): boolean;
  /** Sets the number of threads for runs that start after this call. The default is 1. */
  setThreads(model: ModelHandle, threads: number): void;
  /**
   * Reads at most 64 tokens on another thread.
   * @param want 0: no logits, 1: the last token's, 2: every token's.
   * @returns undefined if the run was cancelled; the reader's state is then unchanged.
   */
  run(reader: ReaderHandle, tokens: Int32Array, want: 0 | 1 | 2): Promise<Float32Array | undefined>;
  /** Reads a token on the calling thread, which is blocked meanwhile. @param logits receives the token's logits. */
  step(reader: ReaderHandle, token: number, logits: Float32Array): void;
  /** @param into receives the index of the highest logit, log Σ e^logit and the entropy in nats. */
  summarize(model: ModelHandle, logits: Float32Array, into: Float64Array): void;
  /** Stops the reader's current run, if any, after the current layer. A run of one token is not stopped. */
  cancel(reader: ReaderHandle): void;
  /**
   * Frees the memory of a handle as soon as nothing else uses it. The handle is invalid afterwards; closing it again
   * has no effect. Readers keep their model alive, and a model keeps its tensors alive.
   */
  close(handle: TensorsHandle | ModelHandle | ReaderHandle): void;
}

/** Loads the addon for this platform. @returns undefined if there is none. @throws Error if it cannot be loaded. */
export function loadAddon(): Addon | undefined {
  const file = findAddon();
  if (file === undefined) return undefined;
  const loaded = { exports: {} };
  process.dlopen(loaded, file);
  return loaded.exports as Addon; // native/binding exports these
}

/** The path of the addon for this platform, if there is one. */
export function findAddon(): string | undefined {
  return findBuilt(path.join("native", `${process.platform}-${process.arch}.node`));
}

/**
 * Finds a built file. In an installed extension, it is in the bundle's folder; for tests and benchmarks, it is in the
 * repository's dist/. No other folder is searched, because other users may be able to write there.
 */
export function findBuilt(name: string): string | undefined {
  const beside = path.join(__dirname, name);
  if (existsSync(beside)) return beside;
  const repository = packageFolder(__dirname);
  if (repository === undefined) return undefined;
  const built = path.join(repository, "dist", name);
  return existsSync(built) ? built : undefined;
}

/** The nearest folder, from `folder` upward, with a package.json; undefined if that is not this repository's. */
function packageFolder(folder: string): string | undefined {
  const manifest = path.join(folder, "package.json");
  if (existsSync(manifest)) {
    const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly name?: unknown };
    return name === "rwkv-code" ? folder : undefined;
  }
  const parent = path.dirname(folder);
  return parent === folder ? undefined : packageFolder(parent);
}
