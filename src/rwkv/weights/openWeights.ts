import { ModelError } from "../modelError.js";
import { notAModelFile, headBytes } from "../notAModelFile.js";
import { readRange, sizeOf } from "./fileRange.js";
import { openGguf } from "./gguf.js";
import { ggufMagic } from "./ggufHeader.js";
import { withBlinkDLNames } from "./namingSchemes.js";
import { isIndex, openShards, shardsOf } from "./shards.js";
import { openPth } from "./pth.js";
import { openSafetensors } from "./safetensors.js";
import { withoutEmpty, type TensorSource } from "./tensorSource.js";

/** "PK": the start of every zip archive. */
const zipMagic = [0x50, 0x4b];
/** Files written by PyTorch before 1.6 start with this pickled number. */
const oldTorchMagic = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

/** rwkv.cpp files start with "ggmf" as a little-endian number. */
const rwkvCppMagic = [0x66, 0x6d, 0x67, 0x67];

/**
 * Opens a weights file (.safetensors, .pth or .gguf) or the index of a sharded model. The format is detected from the
 * first bytes, not from the file's name. Tensors get BlinkDL's names; tensors without elements are left out.
 * @throws ModelError
 */
export function openWeights(path: string): TensorSource {
  const head = headOf(path);
  if (beginsWith(head, ggufMagic)) return openGguf(path); // reports shards itself
  const [, count] = /-\d{5}-of-(\d{5})\.\w+$/.exec(path) ?? [];
  if (count !== undefined && Number(count) > 1) {
    const remedy = "give the index in the same folder (….index.json), or a file with the complete model";
    throw new ModelError(path, `is one of ${Number(count)} shards of a model; ${remedy}`);
  }
  return withBlinkDLNames(withoutEmpty(isIndex(head) ? openShards(path, openOne) : openOne(path)));
}

/**
 * All files of a model's weights: the given file and, if it is an index, the shards that it names.
 * @throws ModelError
 */
export function weightsFiles(path: string): readonly string[] {
  return isIndex(headOf(path)) ? [path, ...shardsOf(path)] : [path];
}

function openOne(path: string): TensorSource {
  const head = headOf(path);
  if (beginsWith(head, oldTorchMagic)) {
    throw new ModelError(
      path,
      "was written by PyTorch before 1.6; load it with torch.load and save it with torch.save in a newer version",
    );
  }
  if (beginsWith(head, rwkvCppMagic)) {
    const remedy = "give the published .pth file or a .gguf file";
    throw new ModelError(path, `is an rwkv.cpp file (ggmf), which is not supported; ${remedy}`);
  }
  const other = notAModelFile(head);
  if (other !== undefined) throw new ModelError(path, other);
  if (isText(head))
    throw new ModelError(path, "is a text file, not a weights file; give the .safetensors, .pth or .gguf file");
  return beginsWith(head, zipMagic) ? openPth(path) : openSafetensors(path);
}

/** True if the first bytes are text. Every weights format has zeros among its first bytes. */
function isText(head: Uint8Array): boolean {
  return head.length > 0 && head.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

function headOf(path: string): Uint8Array {
  return readRange(path, 0, Math.min(sizeOf(path), headBytes));
}

function beginsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}
