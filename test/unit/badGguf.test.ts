import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { openWeights } from "../../src/rwkv/weights/openWeights.js";
import { ggufVocabulary } from "../../src/rwkv/weights/ggufVocabulary.js";
import { ggufFile, ggufString, smallGguf, uint32, uint64, value, type WrittenGgufTensor } from "../support/ggufFile.js";
import { testRefused } from "../support/refused.js";
import { inTemporaryFolder } from "../support/temporary.js";

/** Opens a file with these bytes, and reads all its tensors and its vocabulary. */
function readAll(folder: string, bytes: Uint8Array): void {
  const file = path.join(folder, "model.gguf");
  writeFileSync(file, bytes);
  const source = openWeights(file);
  for (const name of source.names) source.readFloats(name);
  ggufVocabulary(file, 2);
}

const { keys } = smallGguf;
const [tensor, block] = smallGguf.tensors as [WrittenGgufTensor, WrittenGgufTensor];
const good = smallGguf;
const withTensor = (change: Partial<WrittenGgufTensor>): Buffer =>
  ggufFile({ ...good, tensors: [{ ...tensor, ...change }] });
const withKey = (key: string, changed: Buffer): Buffer =>
  ggufFile({ ...good, keys: [...keys.filter(([name]) => name !== key), [key, changed]] });
/** A list value that claims to have `count` elements of a type, but contains none. */
const list = (type: number, count: number): Buffer => Buffer.concat([uint32(9), uint32(type), uint64(count)]);
const nested = Buffer.concat([uint32(9), ...Array.from({ length: 9 }, () => Buffer.concat([uint32(9), uint64(1)]))]);
const nan = new Uint8Array(new Float32Array([1, NaN, 1, 1]).buffer);
const nanScale = new Uint8Array(34);
nanScale.set([0, 0x7e]);

const cases: readonly (readonly [string, () => Uint8Array, RegExp])[] = [
  ["only its first bytes", () => Buffer.from("GGUF"), /is a GGUF file of only 4 bytes; the file is damaged or incomplete/],
  ["eight bytes of an incomplete download", () => Buffer.from("GGUFGGUF"), /a GGUF file of only 8 bytes/],
  ["blocks of Q3_K", () => withTensor({ type: 11 }), /output_norm\.weight has the type Q3_K, .* or make one with llama-quantize$/],
  ["blocks of IQ4_XS", () => withTensor({ type: 23 }), /has the type IQ4_XS, which is not supported/],
  ["an inherited property name as architecture", () => withKey("general.architecture", value.text("constructor")), /has the architecture "constructor"/],
  ["an inherited property name as a tensor's name", () => withTensor({ name: "constructor" }), /holds constructor, which RWKV-7 does not have/],
  ["one inside of a block", () => withTensor({ name: "blk.0.constructor.weight" }), /holds blk\.0\.constructor\.weight, which/],
  ["version 1", () => ggufFile({ ...good, version: 1 }), /GGUF file of version 1; convert/],
  ["numbers with reversed bytes", () => ggufFile({ ...good, version: 3 << 24 }), /a big-endian GGUF file/],
  ["2^40 tensors", () => ggufFile({ ...good, tensorCount: 2 ** 40 }), /claims to have 1099511627776 tensors/],
  ["2^40 keys", () => ggufFile({ ...good, keyCount: 2 ** 40 }), /claims to have 1099511627776 keys/],
  ["more tensors than it describes", () => ggufFile({ ...good, tensorCount: 90_000 }), /\.gguf: /],
  ["more keys than it has", () => ggufFile({ ...good, keyCount: 7 }), /\.gguf: /],
  ["the same key twice", () => ggufFile({ ...good, keys: [...keys, keys[0]!] }), /general\.architecture twice/],
  ["the same tensor twice", () => ggufFile({ ...good, tensors: [tensor, tensor] }), /output_norm\.weight twice/],
  ["a value of an unknown type", () => withKey("x", uint32(77)), /value of the unknown type 77/],
  ["a list of an unknown type", () => withKey("x", list(77, 1)), /value of the unknown type 77/],
  ["a list of 2^50 numbers", () => withKey("x", list(5, 2 ** 50)), /ends within its header/],
  ["a list of 2^50 texts", () => withKey("x", list(8, 2 ** 50)), /\.gguf: /],
  ["endlessly nested lists", () => withKey("x", nested), /nested too deeply/],
  ["a text of 2^52 bytes", () => withKey("x", Buffer.concat([uint32(8), uint64(2 ** 52)])), /a text of 4503599627370496/],
  ["a number past 2^53", () => withKey("x", Buffer.concat([uint32(8), Buffer.alloc(8, 255)])), /header holds the number 18446744073709551615;/],
  ["a text that is not UTF-8", () => withKey("x", Buffer.concat([uint32(8), uint64(1), Buffer.of(255)])), /not UTF-8/],
  ["an alignment of 3", () => withKey("general.alignment", value.uint32(3)), /has an alignment of 3/],
  ["an alignment of 0", () => withKey("general.alignment", value.uint32(0)), /has an alignment of 0/],
  ["an alignment of 2^31", () => withKey("general.alignment", value.uint32(2 ** 31)), /has an alignment of 2147483648/],
  ["a tensor of five dimensions", () => withTensor({ shape: [1, 1, 1, 1, 4] }), /has 5 dimensions/],
  ["a tensor of no elements", () => withTensor({ shape: [0] }), /has no elements/],
  ["a tensor without dimensions", () => withTensor({ shape: [] }), /has no elements/],
  ["a tensor of 2^50 elements", () => withTensor({ shape: [2 ** 50] }), /ends before its output_norm\.weight/],
  ["a tensor of 2^200 elements", () => withTensor({ shape: Array(4).fill(2 ** 50) as number[] }), /ends before its/],
  ["a tensor of an unknown type", () => withTensor({ type: 99 }), /has the type 99, which is not supported; download the model in one of F16, BF16/],
  ["rows that are not multiples of blocks", () => withTensor({ type: 8 }), /rows of 4 elements, which Q8_0 does not allow/],
  ["a tensor past the end", () => withTensor({ offset: 2 ** 40 }), /ends before its output_norm\.weight/],
  ["a misaligned tensor", () => withTensor({ offset: 5 }), /is misaligned/],
  ["tensors that overlap", () => ggufFile({ ...good, tensors: [tensor, { ...block, offset: 0 }] }), /overlap/],
  ["a tensor that RWKV does not have", () => withTensor({ name: "blk.0.attn_q.weight" }), /blk\.0\.attn_q\.weight, which RWKV-/],
  ["a vector instead of a low-rank pair", () => withTensor({ name: "blk.0.time_mix_w1.weight" }), /has the unexpected shape/],
  ["heads that do not fit", () => withTensor({ name: "blk.0.time_mix_r_k.weight", shape: [3] }), /has the unexpected shape/],
  ["mixing vectors that do not fit", () => withTensor({ name: "blk.0.time_mix_lerp_fused.weight" }), /has the unexpected shape/],
  ["a value that is NaN", () => withTensor({ bytes: nan }), /ln_out\.weight holds NaN/],
  ["a scale that is NaN", () => ggufFile({ ...good, tensors: [{ ...block, bytes: nanScale }] }), /scale holds NaN/],
  ["another model", () => withKey("general.architecture", value.text("llama")), /has the architecture "llama"; rwkv6 and rwkv7/],
  ["a hybrid", () => withKey("general.architecture", value.text("arwkv7")), /arwkv7, a hybrid/],
  ["another hybrid", () => withKey("general.architecture", value.text("rwkv6qwen2")), /rwkv6qwen2, a hybrid/],
  ["one of several shards", () => withKey("split.count", value.uint16(3)), /is one of 3 shards; join them with llama-gguf-split/],
  ["one of 300 shards without other keys", () => ggufFile({ keys: [["split.count", value.uint16(300)]], tensors: [] }), /is one of 300 shards; join/],
  ["another epsilon", () => withKey("rwkv7.attention.layer_norm_epsilon", value.float32(1e-3)), /an epsilon of/],
  ["fewer tokens than rows", () => withKey("tokenizer.ggml.tokens", value.texts(["<s>"])), /has 1 tokens, 2 of them/],
  ["tokens without kinds", () => withKey("tokenizer.ggml.token_type", value.uint32(1)), /has no list tokenizer/],
  ["a malformed token", () => withKey("tokenizer.ggml.tokens", value.texts(["", "\\x4"])), /token 1 is malformed/],
  ["a key without a name", () => Buffer.concat([ggufFile(good).subarray(0, 24), ggufString("")]), /ends within its header/],
]; // prettier-ignore

for (const [what, bytes, message] of cases) {
  const read = (folder: string): void => {
    readAll(folder, bytes());
  };
  testRefused(`a .gguf file with ${what} is refused`, read, message);
}

test("the valid file is read, and rejected if it is cut off anywhere", () =>
  inTemporaryFolder((folder) => {
    const whole = ggufFile(good);
    readAll(folder, whole);
    const needed = whole.length - 30; // after the last block, there are only zeros
    for (let length = 0; length < needed; length++) {
      assert.throws(
        () => {
          readAll(folder, whole.subarray(0, length));
        },
        { name: "ModelError" },
        `${length}`,
      );
    }
  }));
