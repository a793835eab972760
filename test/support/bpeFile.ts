import { symbols } from "../../src/rwkv/tokenizers/byteLevel.js";

/** Merges for code, in the order in which they would be learned. Ġ is a space, Ċ a newline, ĉ a tab. */
const merges = [
  "Ġ Ġ", "ĠĠ ĠĠ", "i n", "e r", "Ġ t", "h e", "Ġt he", "r e", "t u", "tu r", "re tur", "retur n", "Ġ return",
  "o n", "s t", "c on", "con st", "Ġ con", "Ġcon st", "Ċ Ċ", "ĉ ĉ", "Ã ¼", "Ġ =", "Ġ= >", "; Ċ", "a a", "aa aa", "0 0",
  "' s", "ä ¸", "ä¸ Ń",
]; // prettier-ignore

const special = ["<|endoftext|>", "<|padding|>"];
const maxSpaceRun = 6;
/** The pre-tokenizer and decoder of 20B_tokenizer.json. */
const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true };

/** A small tokenizer.json with the structure of 20B_tokenizer.json: all bytes, some merges, runs of 2 to 6 spaces. */
export function smallTokenizerJson(): Record<string, unknown> & { readonly model: Record<string, unknown> } {
  const entries = [...special, ...symbols, ...merges.map((merge) => merge.replace(" ", ""))];
  const vocab = Object.fromEntries(entries.map((text, id) => [text, id]));
  const runs = Array.from({ length: maxSpaceRun - 1 }, (_, i) => " ".repeat(maxSpaceRun - i));
  const added = [
    ...special.map((content, id) => ({ id, content, special: true, normalized: false })),
    ...runs.map((content, i) => ({ id: entries.length + i, content, special: false, normalized: true })),
  ];
  const flags = { single_word: false, lstrip: false, rstrip: false };
  return {
    version: "1.0",
    added_tokens: added.map((token) => ({ ...token, ...flags })),
    normalizer: { type: "NFC" },
    pre_tokenizer: byteLevel,
    post_processor: byteLevel,
    decoder: byteLevel,
    model: { type: "BPE", dropout: null, unk_token: null, fuse_unk: false, vocab, merges },
  };
}

/** Vocabulary size of a model with this tokenizer. */
export const smallBpeSize = special.length + symbols.length + merges.length + maxSpaceRun - 1;
