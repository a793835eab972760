import assert from "node:assert/strict";
import test from "node:test";
import type { Calibration } from "../../src/core/calibration.js";
import { decode, type DecodeOptions, type Decoded } from "../../src/core/decoding/decode.js";
import { DocumentNgrams } from "../../src/core/decoding/documentNgrams.js";
import type { TokenId } from "../../src/core/model.js";
import { CheckpointedReader } from "../../src/core/states/checkpointedReader.js";
import { tokenize } from "../../src/core/tokens/healing.js";
import { emptyBlockHash, TokenPrefix } from "../../src/core/tokens/tokenPrefix.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import { FakeModel } from "../support/fakeModel.js";
import { openSession, testInference } from "../support/testInference.js";

const buckets = { longest: [0], entropy: [0], agreement: [0], model: [0], places: [0] };

/** A calibration in which the expected correctness of every text is the logistic function of `bias`. */
function calibrationWith(bias: number): Calibration {
  return { mixture: { bounds: buckets, experts: [] }, correctness: { bias, coefficients: {} } };
}

interface Run extends Decoded {
  /** The whole text so far, at each report. */
  readonly reported: readonly string[];
  readonly chosen: number;
}

/** Reads `read`, and then decodes with a model that knows `knows` by heart. */
async function decoded(
  knows: string,
  read: string,
  options: Partial<DecodeOptions> = {},
  model = new FakeModel({ knows }),
): Promise<Run> {
  const reader = new CheckpointedReader(testInference(model), "inline", new TokenPrefix(emptyBlockHash("fake"), 0, []));
  const tokens = tokensOf(model, read);
  const logits = await reader.read(tokens, { want: "last", cancellation: neverCancelled });
  const reported: string[] = [];
  let chosen = 0;
  const result = await decode(reader, logits, {
    tokenizer: model.tokenizer,
    format: model.prompt,
    recentTokens: tokens,
    forcedBytes: new Uint8Array(),
    ngrams: undefined,
    calibration: undefined,
    threshold: 0,
    scope: { kind: "line", isBlank: false },
    maxTokens: 64,
    isOverdue: () => false,
    onToken: () => chosen++,
    onText: (text) => reported.push(text),
    cancellation: neverCancelled,
    ...options,
  });
  return { ...result, reported, chosen };
}

function tokensOf({ tokenizer }: FakeModel, text: string): TokenId[] {
  const bytes = Buffer.from(text);
  return tokenize(tokenizer, bytes, 0, bytes.length);
}

const line = "let total = first + second;\n";
/** A model that knows this by heart writes a semicolon after `let total`, unless other bytes are forced. */
const two = "let total;\ntotal = first;\n";

for (const [claim, knows, read, options, text, stop] of [
  ["a text of one line ends with its line", line, "let total =", {}, " first + second;", "rule"],
  ["a text ends if the model ends it", line.trimEnd(), "let total =", {}, " first + second;", "sentinel"],
  ["a text that begins with a sentinel is empty", "a = @@suffix@@", "a = ", { sentinelPrefix: "@@" }, "", "sentinel"],
  ["one character may be before a sentinel", "a = 1@@suffix@@", "a = ", { sentinelPrefix: "@@" }, "1", "sentinel"],
  ["a text ends before a sentinel", "a = 12; @@suffix@@", "a = ", { sentinelPrefix: "@@" }, "12; ", "sentinel"],
  ["other prompts may contain the same characters", "a = '@@';\n", "a = ", {}, "'@@';", "rule"],
  ["a text without sentinels may contain any word", "return undefined;\n", "return", {}, " undefined;", "rule"],
  ["forced bytes are not part of the text", two, "let total", { forcedBytes: Buffer.from(" =") }, " first;", "rule"],
  ["a single byte can be forced", two, "let total", { forcedBytes: Buffer.from(" ") }, "= first;", "rule"],
  [
    "a text that repeats itself ends after the first time",
    `call(${"one, ".repeat(30)}`,
    "call(",
    { maxTokens: 999 },
    "one, ",
    "repetition",
  ],
  [
    "a text that a limit ends while it repeats itself ends after the first time",
    `call(${"one, ".repeat(30)}`,
    "call(",
    { maxTokens: "one, ".length * 5 },
    "one, one",
    "repetition",
  ],
] as const) {
  test(claim, async () => {
    const run = await decoded(knows, read, options);
    assert.deepEqual([run.text, run.stop], [text, stop]);
  });
}

test("characters that several tokens spell are decoded, and so is a byte order mark", async () => {
  const knows = "a = \ufeff'✿';\n";
  class Spelling extends FakeModel {
    override logitsAfter(read: readonly TokenId[]): Float32Array {
      const logits = new Float32Array(this.tokenizer.vocabularySize);
      logits[tokensOf(this, knows)[read.length] ?? 0] = 1;
      return logits;
    }
  }
  assert.equal((await decoded("", "a = ", {}, new Spelling())).text, "\ufeff'✿';");
});

test("a text has at most the maximum number of tokens, and each token is reported, with the text so far", async () => {
  for (const maxTokens of [1, 2, 3]) {
    const { text, tokens, chosen, reported, stop } = await decoded(line, "let total =", { maxTokens });
    assert.deepEqual([stop, tokens, chosen, reported.length], ["limit", maxTokens, maxTokens, maxTokens]);
    assert.equal(reported.at(-1), text);
  }
});

test("a text ends when time is up", async () => {
  let left = 2;
  const { stop, tokens } = await decoded(line, "let total =", { isOverdue: () => --left === 0 });
  assert.deepEqual([stop, tokens], ["time", 2]);
});

test("a text ends when its expected correctness is below the threshold, not when it is equal", async () => {
  const half = calibrationWith(0);
  const ended = async (options: Partial<DecodeOptions>): Promise<readonly unknown[]> => {
    const { stop, tokens, chance } = await decoded(line, "let total =", options);
    return [stop, tokens > 1, chance];
  };
  assert.deepEqual(await ended({ calibration: half, threshold: 0.5 }), ["rule", true, 0.5]);
  assert.deepEqual(await ended({ calibration: half, threshold: 0.51 }), ["confidence", false, 0.5]);
  // Without a calibration there is no expected correctness, so the threshold does not apply.
  assert.deepEqual(await ended({ threshold: 1 }), ["rule", true, undefined]);
});

test("the end of a text is one of its possible ends if the model or a rule ended it, not if a limit did", async () => {
  const calibration = calibrationWith(1);
  const lastEnd = async (knows: string, options: Partial<DecodeOptions> = {}): Promise<readonly unknown[]> => {
    const { text, stop, ends } = await decoded(knows, "let total =", { calibration, ...options });
    return [stop, ends?.at(-1)?.units === text.length];
  };
  assert.deepEqual(await lastEnd(line), ["rule", true]);
  assert.deepEqual(await lastEnd(line.trimEnd()), ["sentinel", true]);
  assert.deepEqual(await lastEnd(line, { maxTokens: 2 }), ["limit", false]);
});

test("if a minimum of text is wanted, the model cannot end before that", async () => {
  class Ending extends FakeModel {
    override logitsAfter(read: readonly TokenId[]): Float32Array {
      const logits = super.logitsAfter(read);
      logits[0] = 100;
      return logits;
    }
  }
  for (const [mustProduceText, expected] of [
    [true, / *\S+/],
    [false, /^$/],
    [undefined, /^$/],
  ] as const) {
    const options = mustProduceText === undefined ? {} : { mustProduceText };
    const { text, stop } = await decoded(line, "let total =", options, new Ending({ knows: line }));
    assert.match(text, expected);
    assert.equal(stop, "sentinel");
    assert.ok(text.length < line.length / 2, text); // once it has produced some text, the model may end the document
  }
});

test("the n-grams of documents are searched for the tokens read and decoded, if the model has weights for them", async () => {
  const searched: number[] = [];
  class Watched extends DocumentNgrams {
    override predict(read: readonly TokenId[]): ReturnType<DocumentNgrams["predict"]> {
      searched.push(read.length);
      return super.predict(read);
    }
  }
  const { document } = openSession(testInference(new FakeModel()), "let a;\n");
  const ngrams = new Watched(document.tokens, { from: 0, to: 0 });
  const { tokens } = await decoded(line, "let total =", { ngrams, calibration: calibrationWith(0) });
  const first = tokensOf(new FakeModel(), "let total =").length;
  assert.deepEqual(
    searched,
    Array.from({ length: tokens }, (_, i) => first + i),
  );
  await decoded(line, "let total =", { ngrams });
  assert.equal(searched.length, tokens);
});
