import type { VocabularyEntry } from "./vocabularyFile.js";

const lineFeed = "\n";
const named: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\" };
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Writes a vocabulary in the World models' format (docs/RWKV.md §11), each entry as Python's repr writes it. For the
 * World vocabulary, the result equals the published file byte for byte.
 */
export function vocabularyText(entries: readonly VocabularyEntry[]): Buffer {
  const lines = entries.map(({ token, bytes }) => `${token} ${literal(bytes)} ${bytes.length}${lineFeed}`);
  return Buffer.from(lines.join(""));
}

/** A str literal if the bytes are UTF-8, otherwise a bytes literal. */
function literal(bytes: Uint8Array): string {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return `b${quoted(Buffer.from(bytes).toString("latin1"), /[ -~]/)}`;
  }
  return quoted(text, / |[^\p{C}\p{Z}]/u);
}

/** @param printable matches the characters that are not escaped. */
function quoted(text: string, printable: RegExp): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const written = Array.from(text, (character) => {
    if (character === quote) return `\\${quote}`;
    return named[character] ?? (printable.test(character) ? character : escaped(character.codePointAt(0) ?? 0));
  });
  return quote + written.join("") + quote;
}

function escaped(code: number): string {
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}
