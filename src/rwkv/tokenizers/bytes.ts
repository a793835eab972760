import type { TokenId } from "../../core/model.js";
import { GreedyTrieTokenizer } from "./greedyTrie.js";

/** Raw bytes: id b is byte b, less those that serve as sentinels. */
export function bytesTokenizer(sentinels: readonly number[]): GreedyTrieTokenizer {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !sentinels.includes(byte));
  const entries = bytes.map((byte) => ({ token: byte as TokenId, bytes: Uint8Array.of(byte) })); // below 256
  return new GreedyTrieTokenizer(entries, 256);
}
