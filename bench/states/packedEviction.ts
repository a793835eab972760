import type { PackedState, State } from "../../src/core/model.js";
import type { Anchor } from "../../src/core/states/anchor.js";
import type { Checkpoint } from "../../src/core/states/checkpoint.js";
import type { EvictionCandidate } from "../../src/core/states/checkpointStore.js";
import { evictionCandidate } from "../../src/core/states/evictionCandidate.js";
import { exactFactor, requestCosts, type RequestCosts } from "../../src/core/states/requestCost.js";
import { emptyBlockHash, TokenPrefix } from "../../src/core/tokens/tokenPrefix.js";
import type { TracedEdit } from "./editTrace.js";

/** Whether states are packed, and the costs that decide which state is evicted or packed. */
export interface PackingPolicy {
  readonly isPacking: boolean;
  readonly costs: RequestCosts;
}

export const packingPolicies: Readonly<Record<string, PackingPolicy>> = {
  "never packed": { isPacking: false, costs: requestCosts },
  "by the distance to any state": {
    isPacking: true,
    costs: { ...requestCosts, converged: 0, neverExact: 0, backgroundToken: 0 },
  },
  "by both distances, exactness counts half": {
    isPacking: true,
    costs: { ...requestCosts, converged: 0.5, neverExact: 2 },
  },
  "by both distances (used)": { isPacking: true, costs: requestCosts },
};

export interface PackedResult {
  /** Numbers of requests by the kind of state they start from: right after the jump, and after background reading. */
  readonly atOnce: Counts;
  readonly later: Counts;
  rereadTokens: number;
}

interface Counts {
  exact: number;
  converged: number;
  window: number;
}

interface Place {
  offset: number;
  readonly checkpoint: Checkpoint;
}

interface OpenText {
  /** Ascending by offset. */
  places: Place[];
  tokenCount: number;
  cursorToken: number;
  /** Number of documents that were used more recently. */
  rank: number;
}

const tokensPerLine = 10;
const blockTokens = 64;
/** The maximum number of tokens per request and the state sizes below are the embedded model's. */
const maxGapTokens = 1275;
const exactState: State = { data: new Float32Array(540_672 / 4) };
const [exactPrefix, roundedPrefix] = [false, true].map((isRounded) => {
  return new TokenPrefix(emptyBlockHash("bench"), 0, [], isRounded);
}) as [TokenPrefix, TokenPrefix];
const packedState: PackedState = { data: new Uint8Array(143_616) };

/** Moves the cursor to each edit, like `simulate` in eviction.ts, but with states that may be packed. */
export function simulatePacking(edits: readonly TracedEdit[], budget: number, policy: PackingPolicy): PackedResult {
  const texts = new Texts(budget * exactState.data.byteLength, policy);
  const none = (): Counts => ({ exact: 0, converged: 0, window: 0 });
  const result: PackedResult = { atOnce: none(), later: none(), rereadTokens: 0 };
  for (const { file, line, removed, added } of edits) {
    const text = texts.use(file);
    const isNew = text.tokenCount === 0;
    const place = Math.min(text.tokenCount, line * tokensPerLine);
    text.cursorToken = place;
    if (!isNew) result.atOnce[sourceAt(text, place)]++;
    const { any, exact } = startsAt(text, place);
    const start = place - exact <= exactFactor * maxGapTokens ? exact : any;
    if (place - start > maxGapTokens) {
      result.rereadTokens += place - start;
      texts.read(text, start, place);
    }
    if (!isNew) result.later[sourceAt(text, place)]++;
    texts.edit(text, place, removed * tokensPerLine, added * tokensPerLine);
    texts.read(text, place, place + added * tokensPerLine);
  }
  return result;
}

function startsAt({ places }: OpenText, place: number): { readonly any: number; readonly exact: number } {
  const before = places.filter(({ offset }) => offset <= place);
  const exact = before.findLast(({ checkpoint }) => !checkpoint.prefix.isRounded);
  return { any: before.at(-1)?.offset ?? 0, exact: exact?.offset ?? 0 };
}

function sourceAt(text: OpenText, place: number): keyof Counts {
  const { any, exact } = startsAt(text, place);
  if (place - exact <= maxGapTokens) return "exact";
  return place - any <= maxGapTokens ? "converged" : "window";
}

class Texts {
  readonly #maxBytes: number;
  readonly #policy: PackingPolicy;
  readonly #texts = new Map<string, OpenText>();
  #bytes = 0;

  constructor(maxBytes: number, policy: PackingPolicy) {
    this.#maxBytes = maxBytes;
    this.#policy = policy;
  }

  /** Returns a text and makes it the most recently used one. */
  use(name: string): OpenText {
    const known = this.#texts.get(name) ?? { places: [], tokenCount: 0, cursorToken: 0, rank: Infinity };
    for (const other of this.#texts.values()) if (other.rank < known.rank) other.rank++;
    known.rank = 0;
    this.#texts.set(name, known);
    return known;
  }

  edit(text: OpenText, place: number, removed: number, added: number): void {
    for (const lost of text.places.filter(({ offset }) => offset > place && offset <= place + removed)) {
      this.#remove(text, lost.checkpoint);
    }
    for (const kept of text.places) if (kept.offset > place) kept.offset += added - removed;
    text.tokenCount = Math.max(place, text.tokenCount - removed) + added;
    text.cursorToken = place + added;
  }

  /** Reads the tokens [from, to), starting with the nearest state before them. Saves states at the ends of blocks. */
  read(text: OpenText, from: number, to: number): void {
    const start = startsAt(text, from);
    const isRounded = start.any !== start.exact;
    const first = Math.floor(from / blockTokens + 1) * blockTokens;
    for (let offset = first; offset <= to; offset += blockTokens) {
      const known = text.places.find((place) => place.offset === offset)?.checkpoint;
      if (known !== undefined && (isRounded || !known.prefix.isRounded)) continue;
      if (known !== undefined) this.#remove(text, known);
      this.#add(text, offset, isRounded ? roundedPrefix : exactPrefix, exactState);
    }
  }

  #add(text: OpenText, offset: number, prefix: TokenPrefix, state: State | PackedState): void {
    const checkpoint = { key: "", prefix, tokenCount: 0, state };
    text.places = [...text.places, { offset, checkpoint }].sort((a, b) => a.offset - b.offset);
    this.#bytes += state.data.byteLength;
    while (this.#bytes > this.#maxBytes) this.#shrink(checkpoint);
  }

  #shrink(saved: Checkpoint): void {
    let cheapest: (EvictionCandidate & { readonly text: OpenText }) | undefined;
    for (const text of this.#texts.values()) {
      const candidate = this.#candidate(text, saved);
      if (candidate !== undefined && candidate.loss < (cheapest?.loss ?? Infinity)) cheapest = { ...candidate, text };
    }
    if (cheapest === undefined) throw new Error("one state needs more than all memory");
    const { text, checkpoint, pack } = cheapest;
    const offset = text.places.find((place) => place.checkpoint === checkpoint)?.offset ?? 0;
    const state = pack();
    this.#remove(text, checkpoint);
    if (state !== undefined) this.#add(text, offset, roundedPrefix, state);
  }

  #candidate({ places, tokenCount, cursorToken, rank }: OpenText, except: Checkpoint): EvictionCandidate | undefined {
    const { isPacking, costs } = this.#policy;
    const packedBytes = isPacking ? packedState.data.byteLength : undefined;
    const packing = { packedBytes, pack: () => packedState, maxGapTokens: () => maxGapTokens };
    const likelihood = { cursorToken, weight: 1 / Math.sqrt(1 + rank) };
    const anchors: readonly Anchor[] = places;
    return evictionCandidate(anchors, { likelihood, tokenCount, maxGapTokens, costs, packing, except });
  }

  #remove(text: OpenText, checkpoint: Checkpoint): void {
    text.places = text.places.filter((place) => place.checkpoint !== checkpoint);
    this.#bytes -= checkpoint.state.data.byteLength;
  }
}
