/**
 * For each byte, the character that represents it in a byte-level BPE tokenizer.json. A printable Latin-1 character
 * represents its own byte. The other bytes, in order, are represented by U+0100 and the characters after it.
 */
export const symbols: readonly string[] = makeSymbols();

const byteOf = new Map(symbols.map((symbol, byte) => [symbol, byte]));

/** The bytes that a text of symbols represents; undefined if the text is empty or contains other characters. */
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
