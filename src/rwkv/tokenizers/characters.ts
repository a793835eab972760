/** The character classes by which BPE's pretokenization splits a text. */
export type CharacterClass = "letter" | "number" | "space" | "other";

/** A character in UTF-8, or a single byte that is not valid UTF-8. */
export interface Character {
  readonly class: CharacterClass;
  readonly byteLength: number;
}

/** The character at the byte offset `at`; undefined if the text ends there or within the character. */
export function characterAt(bytes: Uint8Array, at: number, end: number): Character | undefined {
  const first = at < end ? bytes[at] : undefined;
  if (first === undefined) return undefined;
  if (first < 0x80) return ascii[first];
  const byteLength = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return invalidCharacter;
  let codePoint = first & (0x7f >> byteLength);
  for (let i = 1; i < byteLength; i++) {
    if (at + i >= end) return undefined;
    const next = bytes[at + i] ?? 0;
    if ((next & 0xc0) !== 0x80) return invalidCharacter;
    codePoint = (codePoint << 6) | (next & 0x3f);
  }
  return codePoint > 0x10ffff ? invalidCharacter : characterOf(codePoint, byteLength);
}

const invalidCharacter: Character = { class: "other", byteLength: 1 };

/** The classes of the tokenizer's regular expression: Unicode's \p{L}, \p{N} and \s. */
function classOf(codePoint: number): CharacterClass {
  const character = String.fromCodePoint(codePoint);
  if (/\p{L}/u.test(character)) return "letter";
  if (/\p{N}/u.test(character)) return "number";
  return /\p{White_Space}/u.test(character) ? "space" : "other";
}

const ascii: readonly Character[] = Array.from({ length: 0x80 }, (_, code) => ({
  class: classOf(code),
  byteLength: 1,
}));

/** Caches the characters beyond ASCII, by code point. */
const characterCache = new Map<number, Character>();

function characterOf(codePoint: number, byteLength: number): Character {
  let character = characterCache.get(codePoint);
  if (character === undefined) {
    character = { class: classOf(codePoint), byteLength };
    characterCache.set(codePoint, character);
  }
  return character;
}
