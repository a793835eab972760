import { closeSync, openSync, writeSync } from "node:fs";
import { stateDict, torchEntries } from "../test/support/pthFile.js";
import { zipPieces, type LongEntry } from "../test/support/zipFile.js";
import { bf16Values, randomTensor, rwkv7Shapes, type RandomShape } from "./randomModel.js";

/**
 * Writes a .pth file with random weights. They are bf16, as in published files.
 * @returns the total size of its entries.
 */
export function writeSyntheticPth(path: string, model: RandomShape): number {
  const shapes = [...rwkv7Shapes(model)];
  const elements = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
  const views = shapes.map(([name, shape], i) => {
    return [name, { key: `${i}`, elements: elements(shape), shape, storage: "BFloat16Storage" }] as const;
  });
  const small = torchEntries(stateDict(Object.fromEntries(views)), []);
  const entries: LongEntry[] = [
    ...small.map(({ name, bytes }) => ({ name, length: bytes.length, pieces: () => [bytes] })),
    ...shapes.map(([, shape], i) => ({
      name: `model/data/${i}`,
      length: 2 * elements(shape),
      pieces: () => [bf16Values(randomTensor(shape, model.width))],
    })),
  ];
  const file = openSync(path, "w");
  try {
    for (const chunk of zipPieces(entries)) for (let at = 0; at < chunk.length;) at += writeSync(file, chunk, at);
  } finally {
    closeSync(file);
  }
  return entries.reduce((sum, { length }) => sum + length, 0);
}
