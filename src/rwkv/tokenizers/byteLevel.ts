/**
 * The character with which byte-level BPE represents each byte. Printable Latin-1 characters represent themselves; the
 * other bytes, in order, are represented by the characters from U+0100 onwards.
 */
export const symbols: readonly string[] = makeSymbols();

const byteOf = new Map(symbols.map((symbol, byte) => [symbol, byte]));

/** The bytes that a text of symbols represents; undefined if it is empty or has other characters. */
export function bytesOfSymbols(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const byte = byteOf.get(text.charAt(i));
    if (byte === undefined) return undefined;
    bytes[i] = byte;
  }
  return text === "" ? undefined : bytes;
}

function makeSymbols(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
}

function isPrintable(byte: number): boolean {
  return (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
}
