import path from "node:path";
import { PbfWriter } from "pbf";
import type { ByteRange } from "../weights/tensorSource.js";
import { onnxType, writeGraph, type OnnxGraph, type OnnxTensor } from "./onnx.js";

/** onnxruntime enforces protobuf's maximum message size. */
export const maxModelBytes = 2 ** 31 - 1;
const irVersion = 10;
const opset = 21;

/** Space reserved before the graph for the version and the graph's length, which is known only at the end. */
const headerBytes = 32;
/** Space for nodes and names. The system provides memory only when it is first written, so a surplus costs nothing. */
const graphBytes = 2 ** 20;
const lengthDelimited = 2;

/** Writes a ModelProto, the ONNX file format. Copies tensors directly into the final buffer, to save memory. */
export class ModelWriter {
  #memory: Buffer;
  #end = headerBytes;

  /** @param bytes estimated size of the tensors; the buffer grows if necessary. */
  constructor(bytes: number) {
    this.#memory = Buffer.allocUnsafeSlow(Math.ceil(headerBytes + bytes) + graphBytes);
  }

  /** Writes a tensor, which ONNX calls an initializer. */
  tensor({ name, type, shape, data }: OnnxTensor): void {
    const head = written((pbf) => {
      for (const length of shape) pbf.writeVarintField(1, length);
      pbf.writeVarintField(2, onnxType[type]);
      pbf.writeStringField(8, name);
      if (data instanceof Uint8Array) return;
      for (const entry of entriesOf(data)) pbf.writeMessage(13, writeEntry, entry);
      pbf.writeVarintField(14, 1); // EXTERNAL
    });
    const buffers = data instanceof Uint8Array ? [head, fieldStart(9, data.length), data] : [head];
    this.#add(
      fieldStart(
        5,
        buffers.reduce((sum, { length }) => sum + length, 0),
      ),
    );
    for (const buffer of buffers) this.#add(buffer);
  }

  /** Writes the graph and returns the complete model. */
  finish(graph: OnnxGraph): Uint8Array {
    this.#add(
      written((pbf) => {
        writeGraph(graph, pbf);
      }),
    );
    const version = written((pbf) => {
      pbf.writeVarintField(1, irVersion);
    });
    const head = Buffer.concat([version, fieldStart(7, this.#end - headerBytes)]);
    this.#memory.set(head, headerBytes - head.length);
    this.#add(
      written((pbf) => {
        pbf.writeMessage(8, writeOpset, { domain: "", version: opset });
        pbf.writeMessage(8, writeOpset, { domain: "com.microsoft", version: 1 });
      }),
    );
    return this.#memory.subarray(headerBytes - head.length, this.#end);
  }

  #add(buffer: Uint8Array): void {
    if (this.#end + buffer.length > this.#memory.length) {
      const larger = Buffer.allocUnsafeSlow(Math.ceil(1.5 * (this.#end + buffer.length)));
      larger.set(this.#memory.subarray(0, this.#end));
      this.#memory = larger;
    }
    this.#memory.set(buffer, this.#end);
    this.#end += buffer.length;
  }
}

function written(write: (pbf: PbfWriter) => void): Uint8Array {
  const pbf = new PbfWriter();
  write(pbf);
  return pbf.finish();
}

/** The start of a length-delimited field: its tag and length. */
function fieldStart(number: number, length: number): Uint8Array {
  return written((pbf) => {
    pbf.writeVarint((number << 3) | lengthDelimited);
    pbf.writeVarint(length);
  });
}

type Entry = readonly [key: string, value: string];

/** The key-value pairs by which a TensorProto refers to external data. */
function entriesOf({ path: file, begin, end }: ByteRange): readonly Entry[] {
  return [
    ["location", path.basename(file)],
    ["offset", `${begin}`],
    ["length", `${end - begin}`],
  ];
}

function writeEntry([key, value]: Entry, pbf: PbfWriter): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

function writeOpset(set: { readonly domain: string; readonly version: number }, pbf: PbfWriter): void {
  pbf.writeStringField(1, set.domain);
  pbf.writeVarintField(2, set.version);
}
