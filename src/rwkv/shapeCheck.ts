import { ModelError } from "./modelError.js";
import type { ShapeTable } from "./tensorShapes.js";
import { shapeOfValues } from "./weights/matrices.js";
import type { TensorSource } from "./weights/tensorSource.js";

/** The values of the capital letters in shape tables. */
export type Sizes = Readonly<Record<"C" | "F" | "H" | "N" | "V", number>>;

const incomplete = "the file is incomplete or not an RWKV model";
const remedies = new Map([
  [
    "head.weight",
    'if its head is tied to the embedding, put its config.json with "tie_word_embeddings": true beside it; otherwise the file is incomplete',
  ],
]);

/** The shape of a required tensor. @throws ModelError if it is missing. */
export function shapeOf(source: TensorSource, name: string): readonly number[] {
  if (!source.has(name))
    throw new ModelError(source.path, `has no tensor ${name}; ${remedies.get(name) ?? incomplete}`);
  return shapeOfValues(source, name);
}

/** Checks tensors against a table of shapes, ignoring dimensions of 1. @throws ModelError that names the tensor. */
export function checkShapes(
  source: TensorSource,
  prefix: string,
  { table, sizes }: { readonly table: ShapeTable; readonly sizes: Sizes },
): void {
  const known = new Map<string, number>(Object.entries(sizes));
  for (const [name, letters] of Object.entries(table)) {
    const shape = shapeOf(source, `${prefix}${name}`);
    const expected = letters.split(" ").map((term, i) => lengthOf(term, known, shape[i] ?? 1));
    if (squeezed(shape) !== squeezed(expected)) {
      const problem = `${prefix}${name} is [${shape.join(", ")}], not [${expected.join(", ")}]`;
      throw new ModelError(source.path, problem);
    }
  }
}

/**
 * The length that a term denotes. A term is a number, a letter or a multiple of a letter. If a letter has no value yet,
 * its value becomes `found`, the length in the file.
 */
function lengthOf(term: string, known: Map<string, number>, found: number): number {
  const [, factor = "", letter = ""] = /^(\d*)(\D?)$/.exec(term) ?? [];
  if (letter !== "" && !known.has(letter)) known.set(letter, Math.max(1, found));
  return Number(factor || 1) * (known.get(letter) ?? 1);
}

function squeezed(shape: readonly number[]): string {
  return shape.filter((length) => length !== 1).join();
}
