import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import { Chat, type ChatReply } from "../../src/core/chat/chat.js";
import { ReplyTokenCache } from "../../src/core/chat/replyTokenCache.js";
import type { ChatTurn } from "../../src/core/chat/turn.js";
import type { TokenId } from "../../src/core/model.js";
import { tokenize } from "../../src/core/tokens/healing.js";
import { GreedyTrieTokenizer } from "../../src/rwkv/tokenizers/greedyTrie.js";
import { readVocabularyFile } from "../../src/rwkv/tokenizers/vocabularyFile.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import { FakeModel, type FakeModelOptions } from "../support/fakeModel.js";
import { embeddedModel } from "../support/paths.js";
import { starterTokenizer } from "../support/tokenizer.js";
import { testInference } from "../support/testInference.js";

const turn = (message: string, reply?: string): ChatTurn => ({ message, reply, attachments: [], think: false });

/** A model that replies with tokens that the test chooses, whatever it has read before the reply. */
class Replying extends FakeModel {
  readonly #next: (written: readonly TokenId[]) => ReadonlyMap<TokenId, number>;
  /** The number of tokens in the prompt: all that had been read when the first logits were computed. */
  #promptTokens = Infinity;

  /** @param next the probabilities of the next token, given the tokens of the reply so far */
  constructor(options: FakeModelOptions, next: (written: readonly TokenId[]) => ReadonlyMap<TokenId, number>) {
    super(options);
    this.#next = next;
  }

  override logitsAfter(read: readonly TokenId[]): Float32Array {
    this.#promptTokens = Math.min(this.#promptTokens, read.length);
    const logits = new Float32Array(this.tokenizer.vocabularySize).fill(-Infinity);
    for (const [token, probability] of this.#next(read.slice(this.#promptTokens)))
      logits[token] = Math.log(probability);
    return logits;
  }
}

function tokensIn(text: string): TokenId[] {
  const bytes = Buffer.from(text);
  return tokenize(starterTokenizer, bytes, 0, bytes.length);
}

/** A model that replies with a text. */
function replying(text: string, options: FakeModelOptions): Replying {
  const tokens = tokensIn(text);
  return new Replying(options, (written) => new Map([[tokens[written.length] ?? end, 1]]));
}

const end = 0 as TokenId;

interface Replied extends ChatReply {
  readonly pieces: readonly string[];
}

async function replyOf(model: FakeModel, seed = 1): Promise<Replied> {
  const pieces: string[] = [];
  const request = { turns: [turn("Go on")], system: "", scratchPath: "a.ts", seed };
  const chat = new Chat(testInference(model), new ReplyTokenCache());
  const replied = await chat.reply(request, (text) => pieces.push(text), neverCancelled);
  return { ...replied, pieces };
}

const numbers = (count: number): string => Array.from({ length: count }, (_, i) => ` ${i * 7919}`).join("");

for (const [chat, maxTokens] of [
  ["none", 256],
  ["world", 2048],
  ["g1", 2048],
] as const) {
  test(`a reply in the form “${chat}” has at most ${maxTokens} tokens`, async () => {
    const { tokensDecoded, stop } = await replyOf(replying(numbers(2000), { chat }));
    assert.deepEqual([tokensDecoded, stop], [maxTokens, "limit"]);
  });
}

test("a reply that the model ends is complete, and each piece that is shown is longer than the one before", async () => {
  const { written, stop, pieces } = await replyOf(replying(" It is é✿.\n\n  So  be it.\n", { chat: "world" }));
  assert.deepEqual([written, stop], [" It is é✿.\n\n  So  be it.", "end"]);
  assert.equal(pieces.at(-1), written);
  pieces.forEach((piece, i) => {
    assert.ok(piece.length > (pieces[i - 1]?.length ?? 0), `${JSON.stringify(piece)} is piece ${i}`);
  });
});

test("a reply of one or two characters is shown", async () => {
  for (const text of ["a", " a"]) {
    assert.deepEqual((await replyOf(replying(text, { chat: "world" }))).pieces, [text]);
  }
});

test("the token that begins another turn may contain the last words of the reply, and nothing is generated after it", async () => {
  const last = 8192 as TokenId;
  const entries = readVocabularyFile(path.join(embeddedModel, "vocab.txt"), 8192);
  const tokenizer = new GreedyTrieTokenizer([...entries, { token: last, bytes: Buffer.from(" so.\n\nUser:") }], 8193);
  const model = new Replying({ chat: "world" }, (written) => {
    const [first = end, more = end] = tokensIn(" is one");
    return new Map([[[first, last, more, more, end][written.length] ?? end, 1]]);
  });
  const { written, pieces, stop, tokensDecoded } = await replyOf(Object.assign(model, { tokenizer }));
  assert.deepEqual([written, stop, tokensDecoded], [" is so.", "end", 1]);
  assert.deepEqual(pieces, [" is", " is so."]);
});

for (const [claim, probabilities, count] of [
  ["a token that is likely enough alone is always chosen", [0.45, 0.275, 0.275], 1],
  ["as many tokens are drawn as reach the share of 0.4", [0.36, 0.34, 0.3], 2],
] as const) {
  test(`when a reply is sampled, ${claim}`, async () => {
    const words = [" one", " two", " three"];
    const drawn = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const model = new Replying({ chat: "world" }, (written) => {
        if (written.length > 0) return new Map([[end, 1]]);
        return new Map(probabilities.map((probability, i) => [tokensIn(words[i]!)[0]!, probability]));
      });
      drawn.add((await replyOf(model, seed)).written);
    }
    assert.deepEqual([...drawn].sort(), words.slice(0, count).sort());
  });
}

test("likely words are drawn as often as the model says", async () => {
  let first = 0;
  for (let seed = 0; seed < 300; seed++) {
    const model = new Replying({ chat: "world" }, (written) => {
      if (written.length > 0) return new Map([[end, 1]]);
      return new Map([
        [tokensIn(" one")[0]!, 0.39],
        [tokensIn(" two")[0]!, 0.1],
        ...Array.from({ length: 51 }, (_, i): [TokenId, number] => [(1000 + i) as TokenId, 0.01]),
      ]);
    });
    if ((await replyOf(model, seed)).written === " one") first++;
  }
  // Top-p keeps a probability of 0.49, of which " one" has 0.39. With a temperature of 2, the share of " one" would be
  // 0.66.
  assert.ok(Math.abs(first / 300 - 0.39 / 0.49) < 0.07, `${first / 300}`);
});

test("a conversation continues from the state of its last reply, and only the reply's uncertain end is read again", async () => {
  for (const chat of ["world", "g1", "none"] as const) {
    // The end of the reply is read again, because it could have been the start of another turn.
    for (const text of [" It is é✿.", " It is so.\n\nUse", " It is.\n\n\n", " é"]) {
      const model = replying(text, { chat });
      const inference = testInference(model);
      const cache = new ReplyTokenCache();
      const request = { turns: [turn("Go on")], system: "", scratchPath: "a.ts", seed: 1 };
      const first = await new Chat(inference, cache).reply(request, () => undefined, neverCancelled);
      const next = { ...request, turns: [turn("Go on", first.written), turn("And")] };
      const { tokensRead, lastTurnTokens } = await new Chat(inference, cache).reply(
        next,
        () => undefined,
        neverCancelled,
      );
      assert.ok(
        tokensRead <= lastTurnTokens + 1,
        `${chat} ${JSON.stringify(text)}: ${tokensRead} of ${lastTurnTokens}`,
      );
    }
  }
});
