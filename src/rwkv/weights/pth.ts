import { ModelError } from "../modelError.js";
import { elementBytes, type Dtype } from "./dtypes.js";
import { downloadAgain, readRange } from "./fileRange.js";
import { readPickle } from "./pickle.js";
import type { MakeError } from "./pickleReader.js";
import { gather } from "./strided.js";
import { tensorSource, type TensorSource } from "./tensorSource.js";
import {
  elementCount,
  isWeightsGlobal,
  span,
  torchTensors,
  type TorchStorage,
  type TorchTensor,
} from "./torchTensors.js";
import { dataStart, readZipDirectory, type ZipDirectory } from "./zip.js";

interface PlacedTensor extends TorchTensor {
  /** The byte offset of the tensor's storage in the file. */
  readonly storageStart: number;
}

/** A pickle takes about 200 bytes per tensor, and the largest models have a few thousand tensors. */
const maxPickleBytes = 16 * 2 ** 20;
const pickleName = "/data.pkl";

/**
 * Opens a .pth file of PyTorch 1.6 or newer: a zip archive of a pickle and storages (docs/RWKV.md §10). The pickle is
 * read as data; no code in the file is run. Reading a tensor reads only its byte range.
 * @throws ModelError if the file is damaged, is not a weights file, or requests anything that weights do not need.
 */
export function openPth(path: string): TensorSource {
  const makeError: MakeError = (problem) => new ModelError(path, problem);
  const zip = readZipDirectory(path);
  const root = rootOf(zip, makeError);
  checkByteOrder(path, zip, root);
  const size = zip.entries.get(`${root}${pickleName}`)?.bytes ?? 0;
  if (size > maxPickleBytes) throw makeError(`its pickle has ${size} bytes, more than any model; ${downloadAgain}`);
  const start = dataStart(path, zip, `${root}${pickleName}`);
  const pickled = readPickle(readRange(path, start, start + size), isWeightsGlobal, makeError);

  const starts = new Map<string, number>();
  const placed = new Map<string, PlacedTensor>();
  for (const [name, tensor] of torchTensors(pickled, makeError)) {
    const entry = `${root}/data/${tensor.storage.key}`;
    const storageStart = starts.get(entry) ?? dataStart(path, zip, entry);
    starts.set(entry, storageStart);
    checkStorage(zip.entries.get(entry)?.bytes ?? 0, tensor, (problem) => makeError(`its ${name} ${problem}`));
    placed.set(name, { ...tensor, storageStart });
  }
  return tensorSource(path, placed, {
    all: (tensor) => readTensor(path, tensor),
    rows: (tensor, begin, end) => readTensor(path, rowsOfView(tensor, begin, end)),
  });
}

/** The folder in the archive that contains everything. Its name varies, so it is recognized by the pickle in it. */
function rootOf({ entries }: ZipDirectory, makeError: MakeError): string {
  const pickles = [...entries.keys()].filter((name) => name.endsWith(pickleName));
  const [pickle] = pickles;
  if (pickle === undefined) throw makeError("is a zip archive, but not one by PyTorch; give the .pth file itself");
  if (pickles.length > 1) throw makeError(`is a zip archive with ${pickles.length} pickles; ${downloadAgain}`);
  return pickle.slice(0, -pickleName.length);
}

/** Newer versions of PyTorch store the byte order. Files without it are assumed to be little endian. */
function checkByteOrder(path: string, zip: ZipDirectory, root: string): void {
  const name = `${root}/byteorder`;
  const entry = zip.entries.get(name);
  if (entry === undefined) return;
  const start = dataStart(path, zip, name);
  const order = new TextDecoder().decode(readRange(path, start, start + Math.min(entry.bytes, 16)));
  // PyTorch writes the word without a newline; other tools may add one.
  if (order.trim() !== "little")
    throw new ModelError(path, `its byte order is ${order}, not little; save it on a little-endian machine`);
}

function checkStorage(
  bytes: number,
  { storage, dtype }: { storage: TorchStorage; dtype: Dtype },
  makeError: MakeError,
): void {
  if (storage.elements * elementBytes(dtype) > bytes) {
    throw makeError(`has a storage of ${storage.elements} elements in ${bytes} bytes; ${downloadAgain}`);
  }
}

function rowsOfView(tensor: PlacedTensor, begin: number, end: number): PlacedTensor {
  const { shape, strides, offset } = tensor;
  return { ...tensor, shape: [end - begin, ...shape.slice(1)], offset: offset + begin * (strides[0] ?? 0) };
}

/** Reads a tensor with any strides. @returns its elements in row-major order. */
function readTensor(
  path: string,
  { dtype, shape, strides, offset, storageStart }: PlacedTensor,
): Uint8Array<ArrayBuffer> {
  if (elementCount(shape) === 0) return new Uint8Array();
  const size = elementBytes(dtype);
  const begin = storageStart + offset * size;
  const bytes = readRange(path, begin, begin + span({ shape, strides }) * size);
  return gather(bytes, { shape, strides, elementBytes: size });
}
