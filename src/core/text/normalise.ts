/**
 * What the tokens are of: LF line ends, no byte order mark, no byte that serves as a sentinel, valid UTF-8
 * (a lone surrogate becomes U+FFFD). Works on any stretch of text alone, so a document can be normalised line by line.
 */

const encoder = new TextEncoder();
const byteOrderMark = 0xfeff;

/** The text with LF ends and without what the model may not see. */
export function normalise(text: string, sentinelBytes: ReadonlySet<number>): string {
  const unified = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  for (let i = 0; i < unified.length; i++) {
    if (isDropped(unified.charCodeAt(i), sentinelBytes)) return withoutDropped(unified, sentinelBytes);
  }
  return unified;
}

/** The UTF-8 bytes of the normalised text. */
export function normalisedBytes(text: string, sentinelBytes: ReadonlySet<number>): Uint8Array {
  return encoder.encode(normalise(text, sentinelBytes));
}

/**
 * How many UTF-16 units of a raw line its first `normalisedUnits` units came from: the way back to the editor's offsets.
 */
export function rawUnits(rawLine: string, normalisedUnits: number, sentinelBytes: ReadonlySet<number>): number {
  let kept = 0;
  let raw = 0;
  while (kept < normalisedUnits && raw < rawLine.length) {
    if (!isDropped(rawLine.charCodeAt(raw), sentinelBytes)) kept++;
    raw++;
  }
  return raw;
}

function isDropped(unit: number, sentinelBytes: ReadonlySet<number>): boolean {
  return unit === byteOrderMark || (unit < 0x80 && sentinelBytes.has(unit));
}

function withoutDropped(text: string, sentinelBytes: ReadonlySet<number>): string {
  let kept = "";
  for (let i = 0; i < text.length; i++) {
    if (!isDropped(text.charCodeAt(i), sentinelBytes)) kept += text.charAt(i);
  }
  return kept;
}
