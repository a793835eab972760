import assert from "node:assert/strict";
import path from "node:path";
import test from "node:test";
import type { DocumentSession } from "../../src/core/completion/documentSession.js";
import { planReading } from "../../src/core/completion/plan.js";
import type { Prompt } from "../../src/core/completion/prompt.js";
import { promptAt } from "../../src/core/completion/promptAt.js";
import type { TokenId } from "../../src/core/model.js";
import type { Dimensions } from "../../src/rwkv/architecture.js";
import { promptOf } from "../../src/rwkv/import/promptOf.js";
import { GreedyTrieTokenizer } from "../../src/rwkv/tokenizers/greedyTrie.js";
import { readVocabularyFile } from "../../src/rwkv/tokenizers/vocabularyFile.js";
import { FakeModel, type FakeModelOptions } from "../support/fakeModel.js";
import { embeddedModel, sharedPlace } from "../support/paths.js";
import { randomFrom } from "../support/random.js";
import { ask, openSession, testRoom, withCursor, type AskOptions, type TestRoom } from "../support/room.js";
import { textFormat as prompt, textOf } from "../support/tokenizer.js";

/** The embedded model's vocabulary and, as World has it, the mark as a token. */
const tokenizer = new GreedyTrieTokenizer(
  [
    ...readVocabularyFile(path.join(embeddedModel, "vocab.txt"), 8192),
    { token: 8192 as TokenId, bytes: Buffer.from("✿") },
  ],
  8193,
);

const fakeModel = (options: FakeModelOptions = {}): FakeModel =>
  Object.assign(new FakeModel({ prompt, ...options }), { tokenizer });

const lines = (count: number, from = 0): string =>
  Array.from({ length: count }, (_, i) => `  value${from + i} = compute(${from + i}, limit);\n`).join("");

/** The prompt at the cursor of `marked`, which becomes the document's text. */
function promptFor(room: TestRoom, session: DocumentSession, marked: string, timeBudgetMs = Infinity): Prompt {
  const { text, line, character } = withCursor(marked);
  session.setText(text);
  const typed = text.split("\n")[line]!.slice(0, character);
  return promptAt({ session, line, typed }, room.model, timeBudgetMs);
}

/** Its text, with the document's part in front. */
function textOfPrompt({ model }: TestRoom, session: DocumentSession, { base, below, tail, typed, required }: Prompt) {
  const tokens = [...session.document.tokens.tokens(0, base), ...below, ...tail, ...typed];
  return textOf(model.tokenizer, tokens) + Buffer.from(required).toString();
}

/** How many tokens are read to answer at the cursor of `marked`. */
async function readFor(room: TestRoom, session: DocumentSession, marked: string, options: AskOptions = {}) {
  const before = room.counter.last;
  await ask(room, session, marked, { trigger: "invoked", longPrefix: "readAll", ...options });
  assert.notEqual(room.counter.last, before, "it was answered without a run");
  return room.counter.last!.tokensRead;
}

const vocabulary = sharedPlace("fixtures/tokenizer-world/rwkv_vocab_v20230424.txt");
test("the prompt is the one that was published, id by id", { skip: vocabulary.skip }, () => {
  const world = new GreedyTrieTokenizer(readVocabularyFile(vocabulary.path, 65_536), 65_536);
  const room = testRoom(Object.assign(fakeModel(), { tokenizer: world }));
  const session = openSession(room, "");
  const { base, below, tail, typed, required } = promptFor(room, session, "let a = 1;\nlet b =║\nlet c = 3;\n");
  assert.equal(base, 0);
  const [prefix, suffix, middle] = [
    [10060, 42093, 10060],
    [10060, 42337, 10060],
    [10060, 41851, 10060],
  ] as const;
  const after = [11, 8079, 334, 296, 286, 60, 11]; // "\n" "let" " c" " =" " 3" ";" "\n"
  assert.deepEqual(below, [...prefix, ...suffix, ...after, ...middle]);
  assert.deepEqual(tail, [8079, 332, 296, 284, 60]); // "let" " a" " =" " 1" ";"
  assert.deepEqual(typed, [11, 8079, 333]); // "\n" "let" " b"
  assert.equal(Buffer.from(required).toString(), " =");
});

test("the text above the window is behind the document's own state, and each token of it is read once", () => {
  const room = testRoom(fakeModel());
  const session = openSession(room, "");
  const [above, below] = [lines(100), lines(40, 100)];
  const built = promptFor(room, session, `${above}  val║\n${below}`);
  const text = textOfPrompt(room, session, built);
  const [before = "", between = "", window = ""] = text.split(/✿prefix✿✿suffix✿|✿middle✿/);
  assert.equal(before + window, `${above}  val`);
  assert.match(window, /^\W*value\d+ = compute/); // with the token that a line begins in
  assert.ok(`\n${below}`.startsWith(between));
  assert.ok(built.tail.length > 100 && built.tail.length <= 256, `${built.tail.length} tokens of window`);
  assert.equal(built.base + built.tail.length, built.cursor);
  // Behind a line that is longer it begins within that line.
  const long = promptFor(room, session, `${above}  data = [${"12, 7, ".repeat(300)}];\n  val║\n${below}`);
  assert.ok(long.tail.length > 100 && long.tail.length <= 256, `${long.tail.length} tokens of window`);
});

test("suffix and window take at most a third of the time budget each, a chunk being 30 ms of it", () => {
  const room = testRoom(fakeModel({ chunkTokens: 16 }));
  for (const [timeBudgetMs, most] of [
    [80, 0],
    [90, 16],
    [300, 48],
  ] as const) {
    const session = openSession(room, "");
    const marked = `${lines(60)}  val║\n${lines(60, 60)}`;
    const { base, below, tail, cursor } = promptFor(room, session, marked, timeBudgetMs);
    const sentinels = below.length - session.line!.suffix.length;
    assert.ok(below.length - sentinels <= most && tail.length <= most, `${below.length} and ${tail.length}`);
    // Without room for a suffix the prompt is the text above alone.
    assert.equal(below.length > 0, most > 0);
    assert.equal(base + tail.length, cursor);
  }
});

test("a key reads what was typed on its line; the suffix stays as it was while the cursor is on the line", async () => {
  const room = testRoom(fakeModel({ knows: "zzz" }));
  const session = openSession(room, "");
  const [above, below] = [lines(100), lines(40, 100)];
  assert.ok((await readFor(room, session, `${above}║\n${below}`)) > 300);
  let typed = "";
  for (const key of "  total = sum(a, b)") {
    typed += key;
    // As the editor says it: the session keeps the line.
    session.edit({ startLine: 100, endLine: 101, text: `${typed}\n` });
    const { suffix } = session.line!;
    const read = await readFor(room, session, `${above}${typed}║\n${below}`);
    assert.ok(read <= typed.length + 4, `${read} tokens for ${typed}`);
    assert.deepEqual(session.line!.suffix, suffix);
  }
  // Undone key by key, and to the empty line: nothing of suffix or window is read anew.
  for (const left of ["  total = s", "  to", " "]) {
    const read = await readFor(room, session, `${above}${left}║\n${below}`);
    assert.ok(read <= left.length + 4, `${read} tokens for ${left}`);
  }
  await readFor(room, session, `${above}║\n${below}`);
  assert.ok(room.counter.last!.tokensRead <= 4, `${room.counter.last!.tokensRead} tokens for the empty line`);
});

test("a suffix is that of its line for as long as the cursor is there; another line has its own", () => {
  const room = testRoom(fakeModel());
  const session = openSession(room, `${lines(4)}  val\n${lines(4, 4)}`);
  const at = (line: number, typed: string): Prompt => promptAt({ session, line, typed }, room.model, Infinity);
  const first = at(4, "  val");
  session.edit({ startLine: 4, endLine: 5, text: "  valu\n" });
  assert.deepEqual(at(4, "  valu").below, first.below);
  assert.notDeepEqual(at(5, "  ").below, first.below);
});

test("a new line goes on from the line before, a line taken back from the suffix, another place from its document", async () => {
  const room = testRoom(fakeModel());
  const session = openSession(room, "");
  const [above, below] = [lines(100), lines(40, 100)];
  const whole = await readFor(room, session, `${above}  a = 1;║\n${below}`);
  const next = await readFor(room, session, `${above}  a = 1;\n  b = 2;║\n${below}`);
  assert.ok(next <= 20, `${next} tokens for the next line`);
  const back = await readFor(room, session, `${above}  c = 3;║\n${below}`);
  assert.ok(back > next && back <= 270, `${back} tokens for the line before`); // the window
  const moved = await readFor(room, session, `${lines(80)}  d║\n${lines(20, 80)}${below}`);
  assert.ok(moved <= whole && moved <= 256 + 128 + 100, `${moved} tokens for another place`);
});

test("whatever is typed and wherever, what a plan goes on from and reads is the prompt", async () => {
  const model = fakeModel({ knows: lines(30) });
  const room = testRoom(model, { maxBytes: 40 * (model.stateBytes + 512) });
  const random = randomFrom(3);
  const session = openSession(room, lines(60), { states: 12 });
  const { document } = session;
  let fromKept = 0;
  for (let i = 0; i < 300; i++) {
    const near = (session.line?.line ?? 30) + random.below(3) - 1;
    const line = Math.max(0, Math.min(document.lineCount - 1, random.below(8) === 0 ? random.below(70) : near));
    const [own = ""] = document.lines(line, line + 1);
    const typed = random.pick([own.slice(0, random.below(own.length + 1)), `${own}x`, "", "  value3 = "]);
    if (random.below(3) > 0) {
      const text = `${typed}${random.pick(["", "", "", "\n"])}${line + 1 < document.lineCount ? "\n" : ""}`;
      session.edit({ startLine: line, endLine: line + 1, text });
    }
    const [rawLine = ""] = document.lines(line, line + 1);
    const longPrefix = random.pick(["window", "readAll"] as const);
    const character = rawLine.startsWith(typed) ? typed.length : rawLine.length;
    const built = promptAt({ session, line, typed: rawLine.slice(0, character) }, model, Infinity);
    const plan = planReading(session, built, room.store, longPrefix);
    const read = [
      ...(plan.state === undefined ? [] : model.tokensOf(plan.state)),
      ...plan.above,
      ...plan.below,
      ...plan.tail,
    ];
    const base = document.tokens.tokens(0, plan.exact ? built.base : document.headerTokens);
    assert.deepEqual(read, [...base, ...built.below, ...built.tail]);
    if (built.below.length > 0 && plan.below.length === 0) fromKept++;
    const request = { session, line, typed: rawLine.slice(0, character), rest: rawLine.slice(character) };
    const cancellation = { isCancellationRequested: false };
    await room.completer.complete(
      { ...request, isInDocument: true, trigger: "invoked", longPrefix, neighbours: [], arrivedMs: performance.now() },
      cancellation,
    );
    room.store.checkInvariants();
  }
  assert.ok(fromKept > 50, `${fromKept} from a state behind the suffix`);
});

test("a line that the cursor has left keeps no states", async () => {
  const room = testRoom(fakeModel());
  const session = openSession(room, "");
  for (let line = 0; line < 60; line++) {
    await readFor(room, session, `${lines(line)}  a║\n${lines(60 - line, line)}`);
  }
  // What is left: the document's grid of blocks, the three of the last line, and those that ended with a block.
  const blocks = Math.floor(session.document.tokens.tokenCount / 64);
  assert.ok(room.store.count <= blocks + 3 + 6, `${room.store.count} states, ${blocks} blocks`);
});

test("before the state of a long document is there, suffix and window stand alone, and then it takes over", async () => {
  const room = testRoom(fakeModel());
  const session = openSession(room, "");
  const [above, below] = [lines(300), lines(40, 300)];
  const first = await readFor(room, session, `${above}  a║\n${below}`, { longPrefix: "window" });
  assert.equal(room.counter.last!.exact, false);
  assert.ok(first <= 256 + 128 + 40, `${first} tokens`);
  assert.ok((await readFor(room, session, `${above}  ab║\n${below}`, { longPrefix: "window" })) <= 8);
  assert.equal(room.counter.last!.exact, false);
  await readFor(room, session, `${above}  abc║\n${below}`, { longPrefix: "readAll" });
  await readFor(room, session, `${above}  abcd║\n${below}`, { longPrefix: "window" });
  assert.equal(room.counter.last!.exact, true);
});

test("a document that holds what sentinels begin with is read as text above the cursor alone", () => {
  const room = testRoom(fakeModel());
  const isWithSuffix = (marked: string): boolean => {
    const { below, mark } = promptFor(room, openSession(room, ""), marked);
    assert.equal(mark, below.length > 0 ? "✿" : undefined);
    return below.length > 0;
  };
  assert.equal(isWithSuffix("let a;\nlet ║\nlet c;\n"), true);
  assert.equal(isWithSuffix("// ✿middle✿\nlet ║\nlet c;\n"), false);
  assert.equal(isWithSuffix("let a;\nlet ║\nlet c;\n// flower: ✿\n"), false);
  assert.equal(isWithSuffix("let a;\nlet b = '✿║\nlet c;\n"), false);
});

test("typed on the line, a mark ends the form for the line, and its removal brings it back", () => {
  const room = testRoom(fakeModel());
  const session = openSession(room, "let a;\nlet b\nlet c;\n");
  const belowFor = (typed: string): number => {
    session.edit({ startLine: 1, endLine: 2, text: `${typed}\n` });
    return promptAt({ session, line: 1, typed }, room.model, Infinity).below.length;
  };
  assert.ok(belowFor("let b") > 0);
  assert.equal(belowFor("let b = '✿"), 0);
  assert.ok(belowFor("let b = '") > 0);
});

test("with nothing but blanks below, the prompt is the text above alone", () => {
  const room = testRoom(fakeModel());
  for (const below of ["", "\n", "\n\n  \n"]) {
    assert.deepEqual(promptFor(room, openSession(room, ""), `let a;\nlet ║${below}`).below, []);
  }
});

test("a completion ends before the mark, at the line's end, and before the line that stands below", async () => {
  const knows = "if (ready) {\n    start();✿suffix✿\n}";
  const answer = async (known: string, marked: string): Promise<string> => {
    const room = testRoom(fakeModel({ knows: known }));
    return ask(room, openSession(room, ""), marked, { trigger: "invoked" });
  };
  assert.equal(await answer(knows, "if (ready) {\n    sta║\n}\nend();\n"), "    sta├rt();┤");
  const running = "if (ready) {\n    start();\n    wait();\n    stop();\n}\n";
  assert.equal(await answer(running, "if (ready) {\n    ║\n    wait();\n    stop();\n}\n"), "    ├start();┤");
  assert.equal(await answer(running, "if (ready) {\n    st║\n    wait();\n}\n"), "    st├art();┤");
});

test("where the document holds the mark, a completion may too", async () => {
  const room = testRoom(fakeModel({ knows: "flower = '✿';\n" }));
  const session = openSession(room, "");
  assert.equal(await ask(room, session, "// ✿\nflower = ║\nend();\n"), "flower = ├'✿';┤");
});

test("that a model was trained to fill in the middle is suggested by its file's name alone", () => {
  const shape = { version: 7, vocabularySize: 65_536 } as Dimensions;
  const names = {
    "rwkv7-g1c-1.5b-20260110-ctx8192.pth": "suffix-prefix-middle",
    "/models/RWKV7-G1J-2.9b-20260831-ctx16384.safetensors": "suffix-prefix-middle",
    "rwkv7-g1-0.1b-20250307-ctx4096.pth": "prefix",
    "rwkv7-g1b-0.1b-20250822-ctx4096.pth": "prefix",
    "/models/g1d/RWKV-x070-World-0.1B-v2.8-20241210-ctx4096.pth": "prefix",
    "g1code.pth": "prefix",
  };
  for (const [name, prompt] of Object.entries(names)) assert.equal(promptOf(name, shape), prompt, name);
  for (const other of [{ version: 4 }, { vocabularySize: 50_277 }] as const) {
    assert.equal(promptOf("rwkv7-g1c-1.5b.pth", { ...shape, ...other }), undefined);
  }
});
