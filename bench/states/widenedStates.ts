import {
  isPacked,
  type AnyState,
  type Model,
  type PackedState,
  type Reader,
  type State,
} from "../../src/core/model.js";

/** The sizes that determine the layout of an RWKV-7's state (docs/RWKV.md §9). */
export interface StateShape {
  readonly layers: number;
  readonly width: number;
}

const headSize = 64;

/**
 * Converts a state of the smaller model to the state that the widened model has after the same tokens, up to rounding.
 */
export function widenedState({ data }: State, from: StateShape, to: StateShape): State {
  const wide = new Float32Array(floatsOf(to)); // the added layers stay zero
  eachPart(from, to, (at, wideAt, length, copies) => {
    for (let copy = 0; copy < copies; copy++) wide.set(data.subarray(at, at + length), wideAt + copy * length);
  });
  return { data: wide };
}

function narrowedState({ data }: State, to: StateShape, from: StateShape): State {
  const narrow = new Float32Array(floatsOf(to));
  eachPart(to, from, (at, wideAt, length) => {
    narrow.set(data.subarray(wideAt, wideAt + length), at);
  });
  return { data: narrow };
}

/**
 * Behaves like the widened model, but reads with the smaller model and converts its states. So checkpoints of long
 * documents are made quickly; the widened model would take minutes.
 */
export function readByTheSmaller(wide: Model, small: Model, shapes: readonly [StateShape, StateShape]): Model {
  const [from, to] = shapes;
  const narrowed = (state: AnyState): State => {
    return narrowedState(isPacked(state) ? unpackedState(wide, state) : state, from, to);
  };
  const open = (state?: AnyState): Reader => {
    const reader = small.open(state && narrowed(state));
    return {
      feed: (tokens, want, cancellation) => reader.feed(tokens, want, cancellation),
      save: () => widenedState(reader.save(), from, to),
      restore: (saved) => {
        reader.restore(saved && narrowed(saved));
      },
      distanceTo: (saved) => reader.distanceTo(narrowed(saved)),
      dispose: () => {
        reader.dispose();
      },
    };
  };
  const { prefillTokensPerSecond } = wide; // copied, because the property of `wide` changes
  return { ...wide, prefillTokensPerSecond, chunkTokens: small.chunkTokens, open, dispose: () => Promise.resolve() };
}

function unpackedState(model: Model, state: PackedState): State {
  const reader = model.open(state);
  try {
    return reader.save();
  } finally {
    reader.dispose();
  }
}

function floatsOf({ layers, width }: StateShape): number {
  return layers * width * (headSize + 2);
}

/**
 * Calls `visit` for each part of each layer's state: time-mix's previous input, the heads, and channel-mix's previous
 * input.
 */
function eachPart(
  small: StateShape,
  wide: StateShape,
  visit: (at: number, wideAt: number, length: number, copies: number) => void,
): void {
  const copies = wide.width / small.width;
  let at = 0;
  for (let layer = 0; layer < small.layers; layer++) {
    for (const length of [small.width, small.width * headSize, small.width]) {
      visit(at, at * copies, length, copies);
      at += length;
    }
  }
}
