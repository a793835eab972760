import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

declare const tensorsHandle: unique symbol;
declare const modelHandle: unique symbol;
declare const readerHandle: unique symbol;
/** Memory of the addon; freed by `close`, or when the garbage collector finds that nothing refers to it any more. */
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
 * Rows of a tensor as the addon takes them over: floats, halves, brain floats (`isBrain`), or our 8-bit (Int8Array) and
 * 4-bit (Uint8Array, two values in a byte) layouts with their scales.
 */
export interface AddonRows {
  readonly name: string;
  /** "transposed": a matrix that is not quantised and is stored [in, out], all of it at once. */
  readonly role: "vector" | "matrix" | "transposed" | "embedding";
  /** Rows of the whole tensor; those of a vector are one. */
  readonly totalRows: number;
  /** How many these are: a multiple of 64, but for the last ones. */
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

/** What native/binding.cpp exports. Each function throws a TypeError where an argument is wrong. */
export interface Addon {
  /** Names of the instruction sets that this machine runs, the best last. */
  instructionSets(): string[];
  createTensors(): TensorsHandle;
  /**
   * Packs the rows of a tensor that come next, on another thread; the tensors take no others until then.
   * Rejected with a TypeError where they do not fit those before.
   */
  addRows(tensors: TensorsHandle, rows: AddonRows): Promise<void>;
  /** A model over tensors; it keeps them. */
  createModel(sizes: AddonSizes, tensors: TensorsHandle, instructionSet: number): ModelHandle;
  /** With the empty state. */
  openReader(model: ModelHandle): ReaderHandle;
  save(reader: ReaderHandle, into: Float32Array): void;
  restore(reader: ReaderHandle, state: Float32Array | undefined): void;
  /** The norm of the difference between the working state and a saved one, over the norm of the saved one. */
  distance(reader: ReaderHandle, state: Float32Array): number;
  /** How many threads share each run that begins from now on; 1 before it is called. */
  setThreads(model: ModelHandle, threads: number): void;
  /**
   * Reads at most 64 tokens on another thread. @param want 0: no logits, 1: the last token's, 2: every token's.
   * @returns undefined where it was cancelled: the reader is where it was before.
   */
  run(reader: ReaderHandle, tokens: Int32Array, want: 0 | 1 | 2): Promise<Float32Array | undefined>;
  /** Ends the reader's run within a layer; nothing happens where there is none. */
  cancel(reader: ReaderHandle): void;
  /**
   * Frees what a handle stands for, as soon as nothing under way needs it; the handle is refused from now on. Readers keep
   * their model, a model its tensors. Nothing happens where it is closed already.
   */
  close(handle: TensorsHandle | ModelHandle | ReaderHandle): void;
}

/** The addon built for this platform; undefined where there is none. @throws where it is there and cannot be loaded. */
export function loadAddon(): Addon | undefined {
  const file = findAddon();
  if (file === undefined) return undefined;
  const loaded = { exports: {} };
  process.dlopen(loaded, file);
  return loaded.exports as Addon; // binding.cpp exports these
}

/** The path of the binary for this platform, where there is one. */
export function findAddon(): string | undefined {
  return findBuilt(path.join("native", `${process.platform}-${process.arch}.node`));
}

/**
 * Beside the bundle in an installed extension; for tests and benchmarks in dist/ of the repository that they lie in. Looked
 * for nowhere else: whoever may write above that could have us load anything.
 */
export function findBuilt(name: string): string | undefined {
  const beside = path.join(__dirname, name);
  if (existsSync(beside)) return beside;
  const repository = packageFolder(__dirname);
  if (repository === undefined) return undefined;
  const built = path.join(repository, "dist", name);
  return existsSync(built) ? built : undefined;
}

/** The folder of the package that a folder is part of; undefined where that is not ours. */
function packageFolder(folder: string): string | undefined {
  const manifest = path.join(folder, "package.json");
  if (existsSync(manifest)) {
    const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { readonly name?: unknown };
    return name === "rwkv-code" ? folder : undefined;
  }
  const parent = path.dirname(folder);
  return parent === folder ? undefined : packageFolder(parent);
}
