import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import type { DocumentSession } from "../../src/core/completion/documentSession.js";
import { readLimits } from "../../src/core/completion/readLimits.js";
import { planRead } from "../../src/core/completion/readPlan.js";
import type { Prompt } from "../../src/core/completion/prompt.js";
import { promptFor } from "../../src/core/completion/promptFor.js";
import type { TokenId } from "../../src/core/model.js";
import { GreedyTrieTokenizer } from "../../src/rwkv/tokenizers/greedyTrie.js";
import { readVocabularyFile } from "../../src/rwkv/tokenizers/vocabularyFile.js";
import { FakeModel, type FakeModelOptions } from "../support/fakeModel.js";
import { embeddedModel, sharedPlace } from "../support/paths.js";
import { randomFrom } from "../support/random.js";
import {
  complete,
  openSession,
  testInference,
  withCursor,
  type AskOptions,
  type TestInference,
} from "../support/testInference.js";
import { textFormat as prompt, textOf } from "../support/tokenizer.js";

const entries = readVocabularyFile(path.join(embeddedModel, "vocab.txt"), 8192);
/** The embedded model's vocabulary, with the sentinel prefix ✿ added as a token: the World vocabulary has it, too. */
const tokenizer = new GreedyTrieTokenizer([...entries, { token: 8192 as TokenId, bytes: Buffer.from("✿") }], 8193);

const fakeModel = (options: FakeModelOptions = {}): FakeModel =>
  Object.assign(new FakeModel({ prompt, ...options }), { tokenizer });

const lines = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, i) => `  value${from + i} = compute(${from + i}, limit);\n`).join("");

/** Sets the document's text to `marked` and returns the prompt at its cursor. */
function promptAtCursor(
  inference: TestInference,
  session: DocumentSession,
  marked: string,
  timeBudgetMs = Infinity,
): Prompt {
  const { text, line, character } = withCursor(marked);
  session.setText(text);
  const linePrefix = text.split("\n")[line]!.slice(0, character);
  return promptFor({ session, line, linePrefix }, inference.model, timeBudgetMs);
}

/** The prompt as text, in the order in which the model reads it. */
function textOfPrompt(
  { model }: TestInference,
  session: DocumentSession,
  { baseTokens, suffix, tail, linePrefix, forcedBytes }: Prompt,
) {
  const tokens = [...session.document.tokens.tokens(0, baseTokens), ...suffix, ...tail, ...linePrefix];
  return textOf(model.tokenizer, tokens) + Buffer.from(forcedBytes).toString();
}

/** Completes at the cursor of `marked`. @returns the number of tokens that the model read for that. */
async function readFor(inference: TestInference, session: DocumentSession, marked: string, options: AskOptions = {}) {
  const before = inference.counter.last;
  await complete(inference, session, marked, { trigger: "invoked", prefixMode: "full", ...options });
  assert.notEqual(inference.counter.last, before, "it was answered without a run");
  return inference.counter.last!.tokensRead;
}

const vocabulary = sharedPlace("fixtures/tokenizer-world/rwkv_vocab_v20230424.txt");
test("the prompt equals the published one, id by id", { skip: vocabulary.skip }, () => {
  const world = new GreedyTrieTokenizer(readVocabularyFile(vocabulary.path, 65_536), 65_536);
  const inference = testInference(Object.assign(fakeModel(), { tokenizer: world }));
  const session = openSession(inference, "");
  const { baseTokens, suffix, tail, linePrefix, forcedBytes } = promptAtCursor(
    inference,
    session,
    "let a = 1;\nlet b =║\nlet c = 3;\n",
  );
  assert.equal(baseTokens, 0);
  const [prefix, suffixSentinel, middle] = [
    [10060, 42093, 10060],
    [10060, 42337, 10060],
    [10060, 41851, 10060],
  ] as const;
  const after = [11, 8079, 334, 296, 286, 60, 11]; // "\n" "let" " c" " =" " 3" ";" "\n"
  assert.deepEqual(suffix, [...prefix, ...suffixSentinel, ...after, ...middle]);
  assert.deepEqual(tail, [8079, 332, 296, 284, 60]); // "let" " a" " =" " 1" ";"
  assert.deepEqual(linePrefix, [11, 8079, 333]); // "\n" "let" " b"
  assert.equal(Buffer.from(forcedBytes).toString(), " =");
});

test("the window follows the state of the document, and each token is read once", () => {
  const inference = testInference(fakeModel());
  const session = openSession(inference, "");
  const [above, below] = [lines(100), lines(40, 100)];
  const built = promptAtCursor(inference, session, `${above}  val║\n${below}`);
  const text = textOfPrompt(inference, session, built);
  const [before = "", between = "", window = ""] = text.split(/✿prefix✿✿suffix✿|✿middle✿/);
  assert.equal(before + window, `${above}  val`);
  assert.match(window, /^\W*value\d+ = compute/); // the first token may begin on the line before
  assert.ok(`\n${below}`.startsWith(between));
  assert.ok(built.tail.length > 100 && built.tail.length <= 256, `${built.tail.length} tokens of window`);
  assert.equal(built.baseTokens + built.tail.length, built.cursorToken);
  // If a line is longer than a window, the window begins in the middle of that line.
  const long = promptAtCursor(inference, session, `${above}  data = [${"12, 7, ".repeat(300)}];\n  val║\n${below}`);
  assert.ok(long.tail.length > 100 && long.tail.length <= 256, `${long.tail.length} tokens of window`);
});

test("suffix and window each take at most a third of the time budget, at 30 ms per chunk", () => {
  const inference = testInference(fakeModel({ chunkTokens: 16 }));
  for (const [timeBudgetMs, most] of [
    [80, 0],
    [90, 16],
    [300, 48],
  ] as const) {
    const session = openSession(inference, "");
    const marked = `${lines(60)}  val║\n${lines(60, 60)}`;
    const { baseTokens, suffix, tail, cursorToken } = promptAtCursor(inference, session, marked, timeBudgetMs);
    const sentinels = suffix.length - session.frozenSuffix!.suffix.length;
    assert.ok(suffix.length - sentinels <= most && tail.length <= most, `${suffix.length} and ${tail.length}`);
    // If there is no time for a suffix, the prompt has none.
    assert.equal(suffix.length > 0, most > 0);
    assert.equal(baseTokens + tail.length, cursorToken);
  }
});

test("a keystroke reads the text typed on its line; the suffix is frozen while the cursor is on the line", async () => {
  const inference = testInference(fakeModel({ knows: "zzz" }));
  const session = openSession(inference, "");
  const [above, below] = [lines(100), lines(40, 100)];
  assert.ok((await readFor(inference, session, `${above}║\n${below}`)) > 300);
  let typed = "";
  for (const key of "  total = sum(a, b)") {
    typed += key;
    // Edits only the line, as an editor does. Replacing the whole text would drop the line's states.
    session.edit({ startLine: 100, endLine: 101, text: `${typed}\n` });
    const { suffix: suffixSentinel } = session.frozenSuffix!;
    const read = await readFor(inference, session, `${above}${typed}║\n${below}`);
    assert.ok(read <= typed.length + 4, `${read} tokens for ${typed}`);
    assert.deepEqual(session.frozenSuffix!.suffix, suffixSentinel);
  }
  // When the typed text is deleted again, down to the empty line, suffix and window are not read again.
  for (const left of ["  total = s", "  to", " "]) {
    const read = await readFor(inference, session, `${above}${left}║\n${below}`);
    assert.ok(read <= left.length + 4, `${read} tokens for ${left}`);
  }
  await readFor(inference, session, `${above}║\n${below}`);
  assert.ok(inference.counter.last!.tokensRead <= 4, `${inference.counter.last!.tokensRead} tokens for the empty line`);
});

test("a suffix is frozen while the cursor stays on its line; another line has its own", () => {
  const inference = testInference(fakeModel());
  const session = openSession(inference, `${lines(4)}  val\n${lines(4, 4)}`);
  const at = (line: number, typed: string): Prompt =>
    promptFor({ session, line, linePrefix: typed }, inference.model, Infinity);
  const first = at(4, "  val");
  session.edit({ startLine: 4, endLine: 5, text: "  valu\n" });
  assert.deepEqual(at(4, "  valu").suffix, first.suffix);
  assert.notDeepEqual(at(5, "  ").suffix, first.suffix);
});

test("a new line continues from the previous one, a removed line from the suffix, and another position from the document", async () => {
  const inference = testInference(fakeModel());
  const session = openSession(inference, "");
  const [above, below] = [lines(100), lines(40, 100)];
  const whole = await readFor(inference, session, `${above}  a = 1;║\n${below}`);
  const next = await readFor(inference, session, `${above}  a = 1;\n  b = 2;║\n${below}`);
  assert.ok(next <= 20, `${next} tokens for the next line`);
  const back = await readFor(inference, session, `${above}  c = 3;║\n${below}`);
  assert.ok(back > next && back <= 270, `${back} tokens for the line before`); // the window is read again
  const moved = await readFor(inference, session, `${lines(80)}  d║\n${lines(20, 80)}${below}`);
  assert.ok(moved <= whole && moved <= 256 + 128 + 100, `${moved} tokens for another place`);
});

test("whatever is typed, the state that a plan continues from and the tokens that it reads make up the prompt", async () => {
  const model = fakeModel({ knows: lines(30) });
  const inference = testInference(model, { maxBytes: 40 * (model.stateBytes + 512) });
  const random = randomFrom(3);
  const session = openSession(inference, lines(60));
  const { document } = session;
  let fromKept = 0;
  for (let i = 0; i < 300; i++) {
    const near = (session.frozenSuffix?.line ?? 30) + random.below(3) - 1;
    const line = Math.max(0, Math.min(document.lineCount - 1, random.below(8) === 0 ? random.below(70) : near));
    const [own = ""] = document.lines(line, line + 1);
    const typed = random.pick([own.slice(0, random.below(own.length + 1)), `${own}x`, "", "  value3 = "]);
    if (random.below(3) > 0) {
      const text = `${typed}${random.pick(["", "", "", "\n"])}${line + 1 < document.lineCount ? "\n" : ""}`;
      session.edit({ startLine: line, endLine: line + 1, text });
    }
    const [rawLine = ""] = document.lines(line, line + 1);
    const prefixMode = random.pick(["window", "full"] as const);
    const character = rawLine.startsWith(typed) ? typed.length : rawLine.length;
    const built = promptFor({ session, line, linePrefix: rawLine.slice(0, character) }, model, Infinity);
    const plan = planRead(session, built, inference.store, { prefixMode, ...readLimits(model, Infinity) });
    const read = [
      ...(plan.state === undefined ? [] : model.tokensOf(plan.state)),
      ...plan.base,
      ...plan.suffix,
      ...plan.tail,
    ];
    const base = document.tokens.tokens(0, plan.source === "exact" ? built.baseTokens : document.headerTokens);
    assert.deepEqual(read, [...base, ...built.suffix, ...built.tail]);
    if (built.suffix.length > 0 && plan.suffix.length === 0) fromKept++;
    const request = { session, line, linePrefix: rawLine.slice(0, character), afterCursor: rawLine.slice(character) };
    await inference.completer.complete(
      { ...request, isInDocument: true, trigger: "invoked", prefixMode, neighbors: [], arrivedMs: performance.now() },
      { isCancellationRequested: false },
    );
    inference.store.checkInvariants();
  }
  assert.ok(fromKept > 50, `${fromKept} from a state behind the suffix`);
});

test("while the state of a long document is missing, the header, the suffix and its window are read, each once", () => {
  const inference = testInference(fakeModel());
  const session = openSession(inference, "");
  const built = promptAtCursor(inference, session, `${lines(300)}  a║\n${lines(9)}`);
  const limits = { ...readLimits(inference.model, Infinity), maxTokens: 100, prefixMode: "window" } as const;
  const { base, suffix, tail } = planRead(session, built, inference.store, limits);
  const header = session.document.tokens.tokens(0, session.document.headerTokens);
  assert.deepEqual([base, suffix, tail], [header, built.suffix, built.tail]);
});

test("the states of a line are dropped when the cursor leaves it", async () => {
  const inference = testInference(fakeModel());
  const session = openSession(inference, "");
  for (let line = 0; line < 60; line++) {
    await readFor(inference, session, `${lines(line)}  a║\n${lines(60 - line, line)}`);
  }
  // The bound allows a checkpoint for each block of 64 tokens, the three states of the last line, and a few more.
  const blocks = Math.floor(session.document.tokens.tokenCount / 64);
  assert.ok(inference.store.count <= blocks + 3 + 6, `${inference.store.count} states, ${blocks} blocks`);
});

test("suffix and window are used alone until the state of a long document is ready", async () => {
  const inference = testInference(fakeModel());
  const session = openSession(inference, "");
  const [above, below] = [lines(300), lines(40, 300)];
  const first = await readFor(inference, session, `${above}  a║\n${below}`, { prefixMode: "window" });
  assert.equal(inference.counter.last!.exact, false);
  assert.ok(first <= 256 + 128 + 40, `${first} tokens`);
  assert.ok((await readFor(inference, session, `${above}  ab║\n${below}`, { prefixMode: "window" })) <= 8);
  assert.equal(inference.counter.last!.exact, false);
  await readFor(inference, session, `${above}  abc║\n${below}`, { prefixMode: "full" });
  await readFor(inference, session, `${above}  abcd║\n${below}`, { prefixMode: "window" });
  assert.equal(inference.counter.last!.exact, true);
});

test("if a document contains the sentinel prefix, only the prefix is read", () => {
  const inference = testInference(fakeModel());
  const isWithSuffix = (marked: string): boolean => {
    const { suffix, sentinelPrefix } = promptAtCursor(inference, openSession(inference, ""), marked);
    assert.equal(sentinelPrefix, suffix.length > 0 ? "✿" : undefined);
    return suffix.length > 0;
  };
  assert.equal(isWithSuffix("let a;\nlet ║\nlet c;\n"), true);
  assert.equal(isWithSuffix("// ✿middle✿\nlet ║\nlet c;\n"), false);
  assert.equal(isWithSuffix("let a;\nlet ║\nlet c;\n// flower: ✿\n"), false);
  assert.equal(isWithSuffix("let a;\nlet b = '✿║\nlet c;\n"), false);
});

test("typing the sentinel prefix switches the line to the prefix form, and removing it switches back", () => {
  const inference = testInference(fakeModel());
  const session = openSession(inference, "let a;\nlet b\nlet c;\n");
  const belowFor = (typed: string): number => {
    session.edit({ startLine: 1, endLine: 2, text: `${typed}\n` });
    return promptFor({ session, line: 1, linePrefix: typed }, inference.model, Infinity).suffix.length;
  };
  assert.ok(belowFor("let b") > 0);
  assert.equal(belowFor("let b = '✿"), 0);
  assert.ok(belowFor("let b = '") > 0);
});

test("if only whitespace follows, the prompt is only the prefix; a single closer is a suffix", () => {
  const inference = testInference(fakeModel());
  for (const below of ["", "\n", "\n\n  \n", "\n}", "\n;\n"]) {
    const { suffix } = promptAtCursor(inference, openSession(inference, ""), `let a;\nlet ║${below}`);
    assert.equal(suffix.length > 0, below.trim() !== "", JSON.stringify(below));
  }
});

test("a completion ends before the sentinel prefix, at the line's end, and before it repeats the line below", async () => {
  const knows = "if (ready) {\n    start();✿suffix✿\n}";
  const answer = async (known: string, marked: string): Promise<string> => {
    const inference = testInference(fakeModel({ knows: known }));
    return complete(inference, openSession(inference, ""), marked, { trigger: "invoked" });
  };
  assert.equal(await answer(knows, "if (ready) {\n    sta║\n}\nend();\n"), "    sta├rt();┤");
  const running = "if (ready) {\n    start();\n    wait();\n    stop();\n}\n";
  assert.equal(await answer(running, "if (ready) {\n    ║\n    wait();\n    stop();\n}\n"), "    ├start();┤");
  assert.equal(await answer(running, "if (ready) {\n    st║\n    wait();\n}\n"), "    st├art();┤");
});

test("if the document contains the sentinel prefix, a completion may too", async () => {
  const inference = testInference(fakeModel({ knows: "flower = '✿';\n" }));
  const session = openSession(inference, "");
  assert.equal(await complete(inference, session, "// ✿\nflower = ║\nend();\n"), "flower = ├'✿';┤");
});
