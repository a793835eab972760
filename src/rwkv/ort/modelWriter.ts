import path from "node:path";
import { PbfWriter } from "pbf";
import type { ByteRange } from "../weights/tensorSource.js";
import { onnxType, writeGraph, type OnnxGraph, type OnnxTensor } from "./onnx.js";

/** What a protobuf can hold; onnxruntime refuses more. */
export const maxModelBytes = 2 ** 31 - 1;
const irVersion = 10;
const opset = 21;

/** What stands ahead of the graph: its version, and how long the graph is. */
const headerBytes = 32;
/** For nodes and names, beside the tensors. Memory that nothing is written to costs nothing. */
const graphBytes = 2 ** 20;
const lengthDelimited = 2;

/** A ModelProto, its tensors written into one piece of memory as they come: none of them is in memory twice. */
export class ModelWriter {
  #memory: Buffer;
  #end = headerBytes;

  /** @param bytes what the tensors take, more or less; more memory is taken where it is not enough. */
  constructor(bytes: number) {
    this.#memory = Buffer.allocUnsafeSlow(Math.ceil(headerBytes + bytes) + graphBytes);
  }

  /** An initializer. */
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

  /** The whole of it. */
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

/** What stands ahead of a field's bytes, or of a message. */
function fieldStart(number: number, length: number): Uint8Array {
  return written((pbf) => {
    pbf.writeVarint((number << 3) | lengthDelimited);
    pbf.writeVarint(length);
  });
}

type Entry = readonly [key: string, value: string];

/** What onnxruntime asks of data outside of the graph. */
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
