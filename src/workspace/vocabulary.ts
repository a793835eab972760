import { createHash } from "node:crypto";
import type { TokenId, Tokenizer } from "../core/model.js";

/** A hash of all tokens' bytes. Stored tokens are usable only with a vocabulary that has the same hash. */
export function vocabularyHash(tokenizer: Tokenizer): string {
  const hash = createHash("sha256");
  const length = Buffer.alloc(4);
  for (let token = 0; token < tokenizer.vocabularySize; token++) {
    const bytes = tokenizer.bytesOf(token as TokenId); // every number below the size is an id
    length.writeUInt32LE(bytes.length);
    hash.update(length).update(bytes);
  }
  return hash.digest("hex").slice(0, 32);
}
