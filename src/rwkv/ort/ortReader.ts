import type { InferenceSession, Tensor } from "onnxruntime-node";
import { isPacked, type AnyState, type Reader, type State, type TokenId, type Want } from "../../core/model.js";
import { feedInChunks } from "../feedInChunks.js";
import type { StatePart } from "./block.js";
import type { OrtModule } from "./onnxruntime.js";
import type { CancellationToken } from "../../shared/cancellation.js";

export interface ReaderOptions {
  readonly ort: OrtModule;
  readonly session: InferenceSession;
  readonly parts: readonly StatePart[];
  readonly vocabularySize: number;
  readonly chunkTokens: number;
}

/** A state in one array. Each part of the state has a tensor that is a view of the array. */
interface StateBuffer {
  readonly data: Float32Array;
  /** Keyed by the name of the part. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** A Reader with two state buffers. Each run reads one buffer and writes the other one; then the two are swapped. */
export class OrtReader implements Reader {
  readonly #options: ReaderOptions;
  readonly #empty: Float32Array;
  #current: StateBuffer;
  #next: StateBuffer;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#empty = emptyState(options.parts);
    this.#current = stateBuffer(options);
    this.#next = stateBuffer(options);
    this.restore(undefined);
  }

  feed(tokens: readonly TokenId[], want: Want, cancellation: CancellationToken): Promise<Float32Array> {
    const { chunkTokens, vocabularySize } = this.#options;
    return feedInChunks(tokens, want, { chunkTokens, vocabularySize, cancellation }, (chunk, wanted) =>
      this.#run(chunk, wantedRows(wanted, chunk.length)),
    );
  }

  save(): State {
    return { data: this.#current.data.slice() };
  }

  restore(state: AnyState | undefined): void {
    if (state !== undefined && isPacked(state))
      throw new RangeError("the state is packed; it belongs to another engine");
    const from = state?.data ?? this.#empty;
    if (from.length !== this.#current.data.length) {
      throw new RangeError(
        `the state has ${from.length} floats, not ${this.#current.data.length}; it belongs to another model`,
      );
    }
    this.#current.data.set(from);
  }

  distanceTo({ data }: AnyState): number {
    const own = this.#current.data;
    let difference = 0;
    let norm = 0;
    for (let i = 0; i < own.length; i++) {
      const saved = data[i] ?? 0;
      difference += ((own[i] ?? 0) - saved) ** 2;
      norm += saved ** 2;
    }
    return Math.sqrt(difference / Math.max(norm, Number.MIN_VALUE));
  }

  dispose(): void {
    for (const tensor of [...this.#current.tensors.values(), ...this.#next.tensors.values()]) tensor.dispose();
  }

  async #run(tokens: readonly TokenId[], rows: readonly number[]): Promise<Float32Array> {
    const { ort, session } = this.#options;
    const feeds: Record<string, Tensor> = {
      tokens: new ort.Tensor("int32", Int32Array.from(tokens), [tokens.length]),
      rows: new ort.Tensor("int32", Int32Array.from(rows), [rows.length]),
    };
    // Null lets onnxruntime allocate the logits.
    const fetches: Record<string, Tensor | null> = { logits: null };
    for (const [name, tensor] of this.#current.tensors) feeds[name] = tensor;
    for (const [name, tensor] of this.#next.tensors) fetches[`${name}o`] = tensor;
    const results = await session.run(feeds, fetches);
    [this.#current, this.#next] = [this.#next, this.#current];
    return results["logits"]?.data as Float32Array; // the graph declares it as float
  }
}

function wantedRows(want: Want, tokens: number): readonly number[] {
  if (want === "all") return Array.from({ length: tokens }, (_, row) => row);
  return want === "last" ? [tokens - 1] : [];
}

export function stateFloats(parts: readonly StatePart[]): number {
  return parts.reduce((sum, part) => sum + floatsOf(part), 0);
}

function floatsOf({ shape }: StatePart): number {
  return shape.reduce((product, length) => product * length, 1);
}

function emptyState(parts: readonly StatePart[]): Float32Array {
  const data = new Float32Array(stateFloats(parts));
  let at = 0;
  for (const part of parts) {
    data.fill(part.empty, at, at + floatsOf(part));
    at += floatsOf(part);
  }
  return data;
}

function stateBuffer({ ort, parts }: ReaderOptions): StateBuffer {
  const data = new Float32Array(stateFloats(parts));
  let at = 0;
  const tensors = new Map<string, Tensor>();
  for (const part of parts) {
    const view = data.subarray(at, at + floatsOf(part));
    at += floatsOf(part);
    tensors.set(part.name, new ort.Tensor("float32", view, part.shape));
  }
  return { data, tensors };
}
