// Classifies bytes of UTF-8 source text. Syntax is ASCII; every byte from 0x80 upward counts as part of a word.

/** Maximum number of bytes after a token's first byte that can decide what the token is. */
export const maxLookAhead = 1000;

export function isWordByte(byte: number): boolean {
  return isLetter(byte) || (byte >= 0x30 && byte <= 0x39) || byte >= 0x80;
}

export function isLetter(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f;
}

/** True for every byte of a UTF-8 character except its first. */
export function isContinuationByte(byte: number): boolean {
  return byte >> 6 === 0b10;
}

/** True for a space or a tab. */
export function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09;
}

export function startsWithAt(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Bytes [from, to) decoded as Latin-1. Only for matching syntax: non-ASCII characters are decoded incorrectly. */
export function latin1(bytes: Uint8Array, from: number, to: number): string {
  let text = ""; // for these few bytes, a loop is several times as fast as spreading them
  for (let at = Math.max(0, from); at < Math.min(to, bytes.length); at++) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}

/** Like `latin1`, but ends before the first newline. */
export function lineAt(bytes: Uint8Array, from: number, to: number): string {
  let end = from;
  while (end < Math.min(to, bytes.length) && bytes[end] !== 0x0a) end++;
  return latin1(bytes, from, end);
}

const maxWordBytes = 40;

/** The word that begins at `at`, cut off after `maxWordBytes`; empty if none begins there. */
export function wordAt(bytes: Uint8Array, at: number): string {
  let end = at;
  while (end - at < maxWordBytes && isWordByte(bytes[end] ?? 0)) end++;
  return latin1(bytes, at, end);
}

/** The word that ends right before `at`, at most its last `maxWordBytes`; empty if none ends there. */
export function wordBefore(bytes: Uint8Array, at: number): string {
  let start = at;
  while (at - start < maxWordBytes && isWordByte(bytes[start - 1] ?? 0)) start--;
  return latin1(bytes, start, at);
}

/** Maximum distance in bytes between the closing and the opening bracket of a condition. */
const maxConditionBytes = 200;

/** True for the closing bracket of if (…), while (…), for (…) and with (…): a statement follows it. */
function closesCondition(bytes: Uint8Array, closer: number): boolean {
  let depth = 0;
  for (let at = closer; closer - at < maxConditionBytes && bytes[at] !== 0x0a; at--) {
    if (bytes[at] === 0x29) depth++;
    else if (bytes[at] === 0x28 && --depth === 0) {
      let end = at;
      while (isBlank(bytes[end - 1] ?? 0)) end--;
      return /^(if|while|for|with)$/.test(wordBefore(bytes, end));
    }
  }
  return false;
}

const beforeValues = new Set(
  "return typeof case in of do else yield await default and or not if when while unless".split(" "),
);

/** True if a value ends before `at`, apart from spaces and tabs. A slash then divides, and `<` compares. */
export function followsValue(bytes: Uint8Array, at: number): boolean {
  let end = at;
  while (isBlank(bytes[end - 1] ?? 0)) end--;
  const byte = bytes[end - 1] ?? 0x0a;
  if (isWordByte(byte)) return !beforeValues.has(wordBefore(bytes, end));
  if (byte === 0x29 && closesCondition(bytes, end - 1)) return false;
  return ")]}\"'`".includes(String.fromCharCode(byte));
}
