/**
 * Normalizes text for the model: LF line endings, no byte order mark, no byte that serves as a sentinel, valid UTF-8 (a
 * lone surrogate becomes U+FFFD). Lines can be normalized one by one.
 */

const encoder = new TextEncoder();
const byteOrderMark = 0xfeff;

/** The text with LF line endings and without byte order marks and sentinel bytes. */
export function normalize(text: string, sentinelBytes: ReadonlySet<number>): string {
  const unified = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  return unified.replace(droppedOf(sentinelBytes), "");
}

/** The UTF-8 bytes of the normalized text. */
export function normalizedBytes(text: string, sentinelBytes: ReadonlySet<number>): Uint8Array {
  return encoder.encode(normalize(text, sentinelBytes));
}

/** Converts an offset in a normalized line to the editor's offset in the raw line. Both are in UTF-16 code units. */
export function rawUnits(rawLine: string, normalizedUnits: number, sentinelBytes: ReadonlySet<number>): number {
  let kept = 0;
  let raw = 0;
  while (kept < normalizedUnits && raw < rawLine.length) {
    if (!isDropped(rawLine.charCodeAt(raw), sentinelBytes)) kept++;
    raw++;
  }
  return raw;
}

function isDropped(unit: number, sentinelBytes: ReadonlySet<number>): boolean {
  return unit === byteOrderMark || (unit < 0x80 && sentinelBytes.has(unit));
}

/** One regular expression for each set of sentinels. Testing each character with a function is much slower. */
const droppedBySet = new WeakMap<ReadonlySet<number>, RegExp>();

function droppedOf(sentinelBytes: ReadonlySet<number>): RegExp {
  const known = droppedBySet.get(sentinelBytes);
  if (known !== undefined) return known;
  const units = [byteOrderMark, ...[...sentinelBytes].filter((byte) => byte < 0x80)];
  const escapes = units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`);
  const dropped = new RegExp(`[${escapes.join("")}]`, "g");
  droppedBySet.set(sentinelBytes, dropped);
  return dropped;
}
