import { ModelError } from "../modelError.js";
import { notAModelFile, tellingBytes } from "../notAModelFile.js";
import { readRange, sizeOf } from "./fileRange.js";
import { openGguf } from "./gguf.js";
import { ggufMagic } from "./ggufHeader.js";
import { withBlinkDLNames } from "./namingSchemes.js";
import { isIndex, openShards, shardsOf } from "./shards.js";
import { openPth } from "./pth.js";
import { openSafetensors } from "./safetensors.js";
import { withoutEmpty, type TensorSource } from "./tensorSource.js";

/** "PK": what every zip archive begins with, an empty one too. */
const zipMagic = [0x50, 0x4b];
/** A pickled number with which PyTorch before 1.6 began its files. */
const oldTorchMagic = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

/** What files of rwkv.cpp begin with: the number "ggmf", little endian. */
const rwkvCppMagic = [0x66, 0x6d, 0x67, 0x67];

/**
 * Opens a weights file, .safetensors, .pth or .gguf, or the index of a model in several of the first two: told from what it
 * begins with, not from its name. Its tensors have BlinkDL's names, whichever the file has; those without elements are left
 * out.
 * @throws ModelError
 */
export function openWeights(path: string): TensorSource {
  const head = headOf(path);
  if (beginsWith(head, ggufMagic)) return openGguf(path); // it says itself whether it is a part
  const [, count] = /-\d{5}-of-(\d{5})\.\w+$/.exec(path) ?? [];
  if (count !== undefined && Number(count) > 1) {
    const remedy = "give the index that lies beside it (….index.json), or a file that holds all of it";
    throw new ModelError(path, `one of ${Number(count)} parts of a model; ${remedy}`);
  }
  return withBlinkDLNames(withoutEmpty(isIndex(head) ? openShards(path, openOne) : openOne(path)));
}

/** The files that a model's weights lie in: the file itself, and behind an index the parts that it names. @throws ModelError */
export function weightsFiles(path: string): readonly string[] {
  return isIndex(headOf(path)) ? [path, ...shardsOf(path)] : [path];
}

function openOne(path: string): TensorSource {
  const head = headOf(path);
  if (beginsWith(head, oldTorchMagic)) {
    throw new ModelError(path, "written by PyTorch before 1.6; torch.load and torch.save it with a newer one");
  }
  if (beginsWith(head, rwkvCppMagic)) {
    const remedy = "give the published .pth file that it was made of, or a .gguf file";
    throw new ModelError(path, `a file of rwkv.cpp (ggmf), which is not read; ${remedy}`);
  }
  const other = notAModelFile(head);
  if (other !== undefined) throw new ModelError(path, other);
  if (isText(head)) throw new ModelError(path, "a text file, not weights; give the .safetensors, .pth or .gguf file");
  return beginsWith(head, zipMagic) ? openPth(path) : openSafetensors(path);
}

/** Weights of any form have zero bytes at once. */
function isText(head: Uint8Array): boolean {
  return head.length > 0 && head.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

function headOf(path: string): Uint8Array {
  return readRange(path, 0, Math.min(sizeOf(path), tellingBytes));
}

function beginsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}
