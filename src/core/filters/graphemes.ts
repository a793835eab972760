// Graphemes: characters as readers count them, such as an emoji of several code points.

/**
 * The text without an incomplete grapheme at its end: half a flag, half a surrogate pair, or a joiner that joins
 * nothing.
 */
export function withoutHalfGrapheme(text: string): string {
  const whole = text.replace(/[\u200d\ud800-\udbff]+$/, "");
  const flags = /\p{Regional_Indicator}+$/u.exec(whole)?.[0].length ?? 0;
  return flags % 4 === 0 ? whole : whole.slice(0, -2);
}
