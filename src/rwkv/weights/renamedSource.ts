import { elementBytes } from "./dtypes.js";
import { gather } from "./strided.js";
import { tensorSource, type TensorDescription, type TensorSource } from "./tensorSource.js";

/** The tensor in the file from which a renamed tensor is read, and the change that is applied to it. */
export type Origin =
  | { readonly name: string; readonly kind: "whole" }
  /** The last two dimensions are swapped. */
  | { readonly name: string; readonly kind: "transposed" }
  /** One row of a tensor that stacks several tensors. */
  | { readonly name: string; readonly kind: "row"; readonly row: number };

type Renamed = TensorDescription & { readonly origin: Origin };

/** Presents a file's tensors under other names. They are read and changed on demand. @param origins by new name. */
export function renamedSource(source: TensorSource, origins: ReadonlyMap<string, Origin>): TensorSource {
  const entries = [...origins].map(([name, origin]): readonly [string, Renamed] => {
    const shape = shapeOf(source.shape(origin.name), origin);
    return [name, { dtype: source.dtype(origin.name), shape, origin }];
  });
  return tensorSource(source.path, new Map(entries), {
    all: ({ origin }) => read(source, origin),
    rows: (tensor, begin, end) => readRows(source, tensor, { begin, end }),
  });
}

function shapeOf(stored: readonly number[], { kind }: Origin): readonly number[] {
  switch (kind) {
    case "whole":
      return stored;
    case "transposed":
      return swapped(stored);
    case "row":
      return stored.slice(1);
  }
}

function read(source: TensorSource, origin: Origin): Uint8Array<ArrayBuffer> {
  const bytes = source.readBytes(origin.name);
  const stored = source.shape(origin.name);
  switch (origin.kind) {
    case "whole":
      return bytes;
    case "transposed": {
      const strides = stored.map((_, i) => stored.slice(i + 1).reduce((product, length) => product * length, 1));
      const view = { shape: swapped(stored), strides: swapped(strides) };
      return gather(bytes, { ...view, elementBytes: elementBytes(source.dtype(origin.name)) });
    }
    case "row": {
      const rowBytes = bytes.length / (stored[0] ?? 1);
      return bytes.slice(origin.row * rowBytes, (origin.row + 1) * rowBytes);
    }
  }
}

/** Reads only the wanted rows of an unchanged tensor, so that large matrices are never in memory as a whole. */
function readRows(
  source: TensorSource,
  { origin, shape }: Renamed,
  { begin, end }: { readonly begin: number; readonly end: number },
): Uint8Array<ArrayBuffer> {
  if (origin.kind === "whole") return source.readRows(origin.name, begin, end);
  const bytes = read(source, origin);
  const rowBytes = bytes.length / (shape[0] ?? 1);
  return bytes.slice(begin * rowBytes, end * rowBytes);
}

/** A copy with the last two elements swapped. */
function swapped(lengths: readonly number[]): readonly number[] {
  const [rows = 1, columns = 1] = lengths.slice(-2);
  return [...lengths.slice(0, -2), columns, rows];
}
