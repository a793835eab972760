import { ModelError } from "./modelError.js";
import type { ShapeTable } from "./tensorShapes.js";
import { shapeOfValues } from "./weights/matrices.js";
import type { TensorSource } from "./weights/tensorSource.js";

/** The sizes that capital letters stand for. */
export type Sizes = Readonly<Record<"C" | "F" | "H" | "N" | "V", number>>;

const notWhole = "the file is not whole or not RWKV";
const remedies = new Map([
  [
    "head.weight",
    'if its head is tied to the embedding, put its config.json with "tie_word_embeddings": true beside it; otherwise the file is not whole',
  ],
]);

/** The shape of a tensor that has to be there. @throws ModelError where it is not. */
export function shapeOf(source: TensorSource, name: string): readonly number[] {
  if (!source.has(name)) throw new ModelError(source.path, `has no tensor ${name}; ${remedies.get(name) ?? notWhole}`);
  return shapeOfValues(source, name);
}

/** Compares tensors with a table of shapes; dimensions of one count for nothing. @throws ModelError that names the tensor. */
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

/** A term is a number, a letter or a multiple of one; a letter that is not known yet is taken from the file. */
function lengthOf(term: string, known: Map<string, number>, found: number): number {
  const [, factor = "", letter = ""] = /^(\d*)(\D?)$/.exec(term) ?? [];
  if (letter !== "" && !known.has(letter)) known.set(letter, Math.max(1, found));
  return Number(factor || 1) * (known.get(letter) ?? 1);
}

function squeezed(shape: readonly number[]): string {
  return shape.filter((length) => length !== 1).join();
}
