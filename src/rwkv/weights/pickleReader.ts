import { downloadAgain } from "./fileRange.js";

/** Creates an error about the file that is being read. */
export type MakeError = (problem: string) => Error;

const newline = 10;
const maxLineBytes = 256;

/** Reads the opcodes of a pickle and their arguments, and checks each length. */
export class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #makeError: MakeError;
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true });
  #at = 0;

  constructor(bytes: Uint8Array, makeError: MakeError) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#makeError = makeError;
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  /** Big endian, unlike all other numbers in a pickle. */
  float64(): number {
    return this.#view.getFloat64(this.#take(8), false);
  }

  /** A signed little-endian number of at most 8 bytes. */
  long(): number {
    const length = this.uint8();
    if (length > 8) throw this.#makeError(`its pickle holds a number of ${length} bytes; ${downloadAgain}`);
    const at = this.#take(length);
    let value = 0n;
    for (let i = 0; i < length; i++) value |= BigInt(this.#view.getUint8(at + i)) << BigInt(8 * i);
    const exact = BigInt.asIntN(8 * length, value);
    const number = Number(exact);
    if (!Number.isSafeInteger(number)) throw this.#makeError(`its pickle holds the number ${exact}; ${downloadAgain}`);
    return number;
  }

  /** A length followed by UTF-8. */
  text(): string {
    const length = this.uint32();
    return this.#decode(this.#take(length), length);
  }

  /** UTF-8 up to the next line feed. */
  line(): string {
    const length = this.#bytes.subarray(this.#at, this.#at + maxLineBytes).indexOf(newline);
    if (length < 0) throw this.#makeError(`its pickle contains a name that is too long; ${downloadAgain}`);
    const line = this.#decode(this.#take(length), length);
    this.#take(1);
    return line;
  }

  #decode(at: number, length: number): string {
    try {
      return this.#utf8.decode(this.#bytes.subarray(at, at + length));
    } catch {
      throw this.#makeError(`its pickle holds a text that is not UTF-8; ${downloadAgain}`);
    }
  }

  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) throw this.#makeError(`its pickle is cut off; ${downloadAgain}`);
    this.#at = at + length;
    return at;
  }
}
