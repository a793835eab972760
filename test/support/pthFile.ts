import type { Dtype } from "../../src/rwkv/weights/dtypes.js";
import type { WrittenTensor } from "./tensorFile.js";
import { zipFile, type WrittenEntry } from "./zipFile.js";

/** A tensor as PyTorch stores it: a view of a storage, which by default covers all of it. */
export interface WrittenView {
  readonly key: string;
  readonly elements: number;
  readonly shape: readonly number[];
  readonly storage?: string;
  readonly strides?: readonly number[];
  readonly offset?: number;
  readonly isParameter?: boolean;
}

const storages: Readonly<Record<Dtype, string>> = {
  F32: "FloatStorage",
  F16: "HalfStorage",
  BF16: "BFloat16Storage",
  I8: "CharStorage",
  U8: "ByteStorage",
};

/** A .pth file with one storage per tensor, as torch.save(model.state_dict()) writes it. */
export function pthFile(tensors: Readonly<Record<string, WrittenTensor>>): Buffer {
  const list = Object.entries(tensors);
  const views = list.map(([name, { dtype, shape }], i) => {
    const elements = shape.reduce((product, length) => product * length, 1);
    return [name, { key: `${i}`, elements, shape, storage: storages[dtype] }] as const;
  });
  return torchZip(
    stateDict(Object.fromEntries(views)),
    list.map(([, { bytes }]) => bytes),
  );
}

/** The zip archive of a .pth file. @param data the storages; each is named by its index. */
export function torchZip(pickle: Uint8Array, data: readonly Uint8Array[]): Buffer {
  return zipFile(torchEntries(pickle, data));
}

export function torchEntries(pickle: Uint8Array, data: readonly Uint8Array[]): WrittenEntry[] {
  return [
    { name: "model/data.pkl", bytes: pickle },
    { name: "model/byteorder", bytes: Buffer.from("little") },
    ...data.map((bytes, i) => ({ name: `model/data/${i}`, bytes })),
    { name: "model/version", bytes: Buffer.from("3\n") },
  ];
}

/** The pickle of a state_dict: an OrderedDict with `_metadata`. */
export function stateDict(views: Readonly<Record<string, WrittenView>>): Buffer {
  const items = Object.entries(views).flatMap(([name, view]) => [text(name), tensor(view)]);
  const metadata = Buffer.concat([op("}"), text("_metadata"), emptyOrderedDict, op("s")]);
  return pickle(emptyOrderedDict, op("q\u0000("), ...items, op("u"), metadata, op("b"));
}

/** A pickle of protocol 2 with the given opcodes, followed by STOP. */
export function pickle(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat([Buffer.from([0x80, 2]), ...parts, op(".")]);
}

/** Converts each character to a byte. Used for opcodes and their arguments. */
export function op(bytes: string): Buffer {
  return Buffer.from(bytes, "latin1");
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([op("X"), length, bytes]);
}

export function int(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  if (value >= 0 && value < 256) return op(`K${String.fromCharCode(value)}`);
  if (value >= 0 && value < 65_536) return Buffer.concat([op("M"), bytes.subarray(0, 2)]);
  return value >= -(2 ** 31) && value < 2 ** 31
    ? Buffer.concat([op("J"), bytes.subarray(0, 4)])
    : Buffer.concat([op("\u008a\u0008"), bytes]);
}

export function global(module: string, name: string): Buffer {
  return op(`c${module}\n${name}\n`);
}

export function tuple(...items: readonly Uint8Array[]): Buffer {
  return Buffer.concat([op("("), ...items, op("t")]);
}

export const emptyOrderedDict = Buffer.concat([global("collections", "OrderedDict"), op(")R")]);

const rebuildTensor = ["torch._utils", "_rebuild_tensor_v2"] as const;

export function tensor(view: WrittenView): Buffer {
  const { key, elements, shape, storage = "FloatStorage", offset = 0, isParameter = false } = view;
  const strides =
    view.strides ?? shape.map((_, i) => shape.slice(i + 1).reduce((product, length) => product * length, 1));
  const id = tuple(text("storage"), global("torch", storage), text(key), text("cpu"), int(elements));
  const args = [id, op("Q"), int(offset), tuple(...shape.map(int)), tuple(...strides.map(int)), op("\u0089")];
  const rebuilt = Buffer.concat([global(...rebuildTensor), tuple(...args, emptyOrderedDict), op("R")]);
  if (!isParameter) return rebuilt;
  const parameter = tuple(rebuilt, op("\u0089"), emptyOrderedDict);
  return Buffer.concat([global("torch._utils", "_rebuild_parameter"), parameter, op("R")]);
}

/** A tensor with an attribute. torch.save writes it like an instance of a subclass of Tensor. */
export function tensorWithAttributes(
  view: WrittenView,
  attribute: Uint8Array,
  make: readonly [string, string] = rebuildTensor,
): Buffer {
  const plain = tensor(view);
  const args = plain.subarray(global(...rebuildTensor).length, -1);
  const state = Buffer.concat([op("}"), text("note"), attribute, op("s")]);
  const parts = tuple(global(...make), global("torch", "Tensor"), args, state);
  return Buffer.concat([global("torch._tensor", "_rebuild_from_type_v2"), parts, op("R")]);
}

export function parameterWithAttributes(view: WrittenView, attribute: Uint8Array): Buffer {
  const state = Buffer.concat([op("}"), text("note"), attribute, op("s")]);
  const parts = tuple(tensor(view), op("\u0088"), emptyOrderedDict, state);
  return Buffer.concat([global("torch._utils", "_rebuild_parameter_with_state"), parts, op("R")]);
}
