import { ModelError } from "../modelError.js";
import { downloadAgain, readRange } from "./fileRange.js";

/** Bytes to read from the file at a time; more for a longer value. A vocabulary of 65,536 entries takes about 2 MB. */
const windowBytes = 2 ** 18;
const maxHeaderBytes = 64 * 2 ** 20;

/** Reads the header of a GGUF file sequentially, window by window, and checks each length. */
export class GgufReader {
  readonly #path: string;
  readonly #size: number;
  #at: number;
  #window = new DataView(new ArrayBuffer(0));
  #windowBegin = 0;

  /** @param size of the file in bytes. @param at byte offset to begin at. */
  constructor(path: string, size: number, at = 0) {
    this.#path = path;
    this.#size = size;
    this.#at = at;
  }

  /** Byte offset of the next value. */
  get offset(): number {
    return this.#at;
  }

  uint8(): number {
    return this.#next(1).getUint8(0);
  }

  uint16(): number {
    return this.#next(2).getUint16(0, true);
  }

  uint32(): number {
    return this.#next(4).getUint32(0, true);
  }

  int32(): number {
    return this.#next(4).getInt32(0, true);
  }

  float32(): number {
    return this.#next(4).getFloat32(0, true);
  }

  /** @throws ModelError if the number is not a safe integer. No valid count or offset is so large. */
  uint64(): number {
    const exact = this.#next(8).getBigUint64(0, true);
    const value = Number(exact);
    if (Number.isSafeInteger(value)) return value;
    throw new ModelError(this.#path, `its header holds the number ${exact}; ${downloadAgain}`);
  }

  /**
   * Reads a length and then that many bytes, into a new buffer.
   * @throws ModelError if the length exceeds `maxBytes`.
   */
  bytes(maxBytes: number): Uint8Array<ArrayBuffer> {
    const length = this.uint64();
    if (length > maxBytes)
      throw new ModelError(this.#path, `its header holds a text of ${length} bytes; ${downloadAgain}`);
    const { buffer, byteOffset } = this.#next(length);
    return new Uint8Array(buffer.slice(byteOffset, byteOffset + length));
  }

  text(maxBytes: number): string {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.bytes(maxBytes));
    } catch (error) {
      if (error instanceof ModelError) throw error;
      throw new ModelError(this.#path, `its header holds a text that is not UTF-8; ${downloadAgain}`);
    }
  }

  skip(length: number): void {
    this.#check(length);
    this.#at += length;
  }

  #next(length: number): DataView<ArrayBuffer> {
    this.#check(length);
    const end = this.#windowBegin + this.#window.byteLength;
    if (this.#at < this.#windowBegin || this.#at + length > end) {
      const windowEnd = Math.min(this.#size, this.#at + Math.max(length, windowBytes));
      this.#window = new DataView(readRange(this.#path, this.#at, windowEnd).buffer);
      this.#windowBegin = this.#at;
    }
    const view = new DataView(this.#window.buffer, this.#at - this.#windowBegin, length);
    this.#at += length;
    return view;
  }

  #check(length: number): void {
    if (this.#at + length > this.#size) throw new ModelError(this.#path, `ends within its header; ${downloadAgain}`);
    if (this.#at + length > maxHeaderBytes) {
      throw new ModelError(this.#path, `its header has more than ${maxHeaderBytes} bytes, more than any model`);
    }
  }
}
