/**
 * Characters by byte: tokenizer.json files of byte-level BPE write each byte as one character. A byte that is a
 * printable Latin-1 character is written as this character; the others, in order, as the characters from U+0100
 * onwards.
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
