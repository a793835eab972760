import { block6, block7, firstBlock7, frame, type ShapeTable } from "../../src/rwkv/tensorShapes.js";
import { tensorSource, type TensorDescription, type TensorSource } from "../../src/rwkv/weights/tensorSource.js";

/** The sizes of a model, named as in the papers. Low-rank matrix pairs have rank 1. */
export type TinySizes = Readonly<Record<"C" | "F" | "H" | "N" | "V", number>>;

/** A model of two layers, with all tensors of its version in fp32. All values are equal. */
export function tinyModel(version: 6 | 7, sizes: TinySizes): TensorSource {
  const blocks = version === 7 ? [firstBlock7, block7] : [block6, block6];
  const tensors = [
    ...described("", frame, sizes),
    ...blocks.flatMap((table, block) => described(`blocks.${block}.`, table, sizes)),
  ];
  const values = (shape: readonly number[]): Uint8Array<ArrayBuffer> =>
    new Uint8Array(new Float32Array(shape.reduce((product, length) => product * length, 1)).fill(0.5).buffer);
  return tensorSource("tiny", new Map(tensors), {
    all: ({ shape }) => values(shape),
    rows: ({ shape }, begin, end) => values([end - begin, ...shape.slice(1)]),
  });
}

function described(prefix: string, table: ShapeTable, sizes: TinySizes): (readonly [string, TensorDescription])[] {
  const lengths = new Map<string, number>(Object.entries(sizes));
  return Object.entries(table).map(([name, letters]) => {
    const shape = letters.split(" ").map((term) => {
      const [, factor = "", letter = ""] = /^(\d*)(\D?)$/.exec(term) ?? [];
      return (factor === "" ? 1 : Number(factor)) * (lengths.get(letter) ?? 1);
    });
    return [`${prefix}${name}`, { dtype: "F32", shape }];
  });
}
