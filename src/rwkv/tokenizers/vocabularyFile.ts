import type { TokenId } from "../../core/model.js";
import { ModelError } from "../modelError.js";
import { readSmallFile } from "../regularFile.js";

/** The World models' vocabulary has 1 MB. */
export const vocabularyLimits = {
  maxBytes: 16 * 2 ** 20,
  what: "a vocabulary",
  missing: "no such file; a model's folder holds its vocabulary",
} as const;

/** The longest published entry is a run of 128 spaces. */
export const maxEntryBytes = 1024;
/** An escaped byte takes up to four characters. 64 more suffice for the id, the length and the quotes. */
const maxLineLength = 4 * maxEntryBytes + 64;

export interface VocabularyEntry {
  readonly token: TokenId;
  readonly bytes: Uint8Array;
}

/**
 * Reads a vocabulary in the World models' file format (docs/RWKV.md §11). Each line is `id literal byteLength`, with a
 * Python str or bytes literal.
 * @throws ModelError that names the line.
 */
export function readVocabularyFile(path: string, vocabularySize: number): VocabularyEntry[] {
  const lines = readSmallFile(path, vocabularyLimits).toString("utf8").split("\n");
  if (lines.at(-1) === "") lines.pop();
  const seen = new Set<number>();
  return lines.map((lineWithEnd, i) => {
    const line = lineWithEnd.endsWith("\r") ? lineWithEnd.slice(0, -1) : lineWithEnd;
    const makeError = (problem: string): ModelError => new ModelError(`${path}:${i + 1}`, problem);
    if (line.length > maxLineLength)
      throw makeError(`has ${line.length} characters; an entry has at most ${maxEntryBytes} bytes`);
    const match = /^(\d+) (.*) (\d+)$/.exec(line);
    if (match === null) throw makeError("is not `id literal length`, the format of World vocabularies");
    const [, id = "", literal = "", length = ""] = match;
    const token = Number(id);
    const bytes = literalBytes(literal);
    if (bytes === undefined) throw makeError("the literal is not a Python str or bytes literal");
    if (bytes.length !== Number(length))
      throw makeError(`the literal has ${bytes.length} bytes, not ${length} as stated`);
    if (bytes.length === 0) throw makeError("the literal is empty");
    if (bytes.length > maxEntryBytes)
      throw makeError(`the literal has ${bytes.length} bytes, not at most ${maxEntryBytes}`);
    if (token >= vocabularySize)
      throw makeError(
        `id ${token} is not below the model's vocabulary size of ${vocabularySize}; it may belong to another model`,
      );
    if (seen.has(token)) throw makeError(`id ${token} occurs twice`);
    seen.add(token);
    return { token: token as TokenId, bytes }; // the id was checked against the model's vocabulary size
  });
}

const escapes: Readonly<Record<string, number>> = {
  t: 9,
  n: 10,
  r: 13,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  "\\": 92,
  "'": 39,
  '"': 34,
};

/**
 * The bytes of a Python literal; undefined if it is malformed. In a bytes literal, an escape is a byte; in a str
 * literal, it is a code point, which is encoded in UTF-8.
 */
function literalBytes(literal: string): Uint8Array | undefined {
  const match = /^(b?)(['"])(.*)\2$/s.exec(literal);
  if (match === null) return undefined;
  const [, prefix, , body = ""] = match;
  const escaped = prefix === "b" ? escapedBytes(body) : undefined;
  if (escaped !== undefined) return escaped;
  const codes: number[] = [];
  for (let i = 0; i < body.length;) {
    const escape = escapeAt(body, i);
    const code = escape?.code ?? body.codePointAt(i) ?? 0;
    codes.push(code);
    i += escape?.units ?? (code > 0xffff ? 2 : 1);
  }
  if (codes.some((code) => Number.isNaN(code) || code > (prefix === "b" ? 0xff : 0x10ffff))) return undefined;
  if (prefix === "b") return Uint8Array.from(codes);
  return new TextEncoder().encode(codes.map((code) => String.fromCodePoint(code)).join(""));
}

/**
 * A fast path for a body that consists only of escapes such as `\x0a`; undefined for any other body. It shortens the
 * loading of the embedded model, whose vocabulary has only such entries.
 */
function escapedBytes(body: string): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor(body.length / 4));
  if (4 * bytes.length !== body.length) return undefined;
  for (let i = 0; i < bytes.length; i++) {
    if (body.charCodeAt(4 * i) !== 0x5c || body.charCodeAt(4 * i + 1) !== 0x78) return undefined; // \x
    const [high, low] = [hexDigit(body.charCodeAt(4 * i + 2)), hexDigit(body.charCodeAt(4 * i + 3))];
    if (high < 0 || low < 0) return undefined;
    bytes[i] = 16 * high + low;
  }
  return bytes;
}

/** The value of a hexadecimal digit; -1 for any other character. */
function hexDigit(character: number): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30;
  const letter = character | 0x20; // lowercase
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * The escape at an offset; undefined if there is none.
 * @returns `code`: the byte or code point, NaN if the escape is malformed; `units`: its length in UTF-16 code units.
 */
function escapeAt(body: string, at: number): { readonly code: number; readonly units: number } | undefined {
  if (body.charAt(at) !== "\\") return undefined;
  const kind = body.charAt(at + 1);
  const digits = hexDigits[kind];
  if (digits === undefined) return { code: escapes[kind] ?? NaN, units: 2 };
  const hex = body.slice(at + 2, at + 2 + digits);
  const isValid = hex.length === digits && /^[\da-f]+$/i.test(hex);
  return { code: isValid ? parseInt(hex, 16) : NaN, units: 2 + digits };
}
