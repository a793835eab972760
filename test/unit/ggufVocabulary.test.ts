import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { ggufVocabulary } from "../../src/rwkv/weights/ggufVocabulary.js";
import { ggufFile, smallGguf, value } from "../support/ggufFile.js";
import { testRefused } from "../support/refused.js";
import { inTemporaryFolder } from "../support/temporary.js";

/** Reads the vocabulary of a GGUF file with these tokens. If no kinds are given, all are normal text tokens. */
function read(folder: string, tokens: readonly string[], kinds: readonly number[] = tokens.map(() => 1)) {
  const file = path.join(folder, "model.gguf");
  const own = new Map<string, Buffer>([
    ["tokenizer.ggml.tokens", value.texts(tokens)],
    ["tokenizer.ggml.token_type", value.int32s(kinds)],
  ]);
  const keys = smallGguf.keys.map(([name, old]) => [name, own.get(name) ?? old] as const);
  writeFileSync(file, ggufFile({ ...smallGguf, keys }));
  return ggufVocabulary(file, tokens.length)?.map(({ token, bytes }) => [
    Number(token),
    Buffer.from(bytes).toString("latin1"),
  ]);
}

test("tokens are escaped as in Python, and only normal and user-defined ones are text", () =>
  inTemporaryFolder((folder) => {
    const tokens = ["<s>", "a", "\\t\\n\\r", "\\\\", "\\'\\\"", "\\x00\\xfFz", "added", "unused", "byte"];
    assert.deepEqual(read(folder, tokens, [3, 1, 1, 1, 1, 1, 4, 5, 6]), [
      [1, "a"],
      [2, "\t\n\r"],
      [3, "\\"],
      [4, "'\""],
      [5, "\0\xffz"],
      [6, "added"],
    ]);
  }));

for (const [what, token] of [
  ["nothing after its backslash", "a\\"],
  ["one digit after its \\x", "\\x4"],
  ["no digits after its \\x", "\\xg0"],
  ["no bytes", ""],
] as const) {
  testRefused(
    `a token with ${what} is refused`,
    (folder) => void read(folder, ["a", token]),
    /its token 1 is malformed/,
  );
}
