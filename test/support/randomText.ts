import type { randomFrom } from "./random.js";

/** Pieces of code and prose, and characters that tokenizers tend to get wrong. */
const pieces = [
  "function ", "return", "const x = 1;", " ", "  ", "    ", "         ", "\n", "\n\n", "\r\n", "\t", "\t\t", " \n", "\n ",
  "a", "aaaaaaaa", "ü", "é", "中文注释", "日本", "=>", "}", ";\n        ", "////////", "'", "'s", "'ll", "'r", "'re", "don't",
  "0", "123", "½", "٣", "😀", "\u00a0", "\u3000", "\u2028", "e\u0301", "<|endoftext|>", "_x", "\"", "(", "ſ",
]; // prettier-ignore

/** Concatenates up to `maxPieces` random pieces. */
export function randomText(random: ReturnType<typeof randomFrom>, maxPieces: number): string {
  return Array.from({ length: random.below(maxPieces + 1) }, () => random.pick(pieces)).join("");
}
