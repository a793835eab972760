import type { TokenId } from "../../core/model.js";
import { GreedyTrieTokenizer } from "./greedyTrie.js";

/** A tokenizer over raw bytes: id b is byte b. Bytes that serve as sentinels have no entry. */
export function bytesTokenizer(sentinels: readonly number[]): GreedyTrieTokenizer {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !sentinels.includes(byte));
  const entries = bytes.map((byte) => ({ token: byte as TokenId, bytes: Uint8Array.of(byte) })); // below 256
  return new GreedyTrieTokenizer(entries, 256);
}
