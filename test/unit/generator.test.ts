import assert from "node:assert/strict";
import test from "node:test";
import { Generator, type GenerationRequest } from "../../src/core/completion/generator.js";
import type { Insertion } from "../../src/core/structure/insertionPoint.js";
import { type TokenId } from "../../src/core/model.js";
import type { Priority } from "../../src/core/states/scheduler.js";
import { FakeModel } from "../support/fakeModel.js";
import { openSession, testInference, withCursor, type TestInference } from "../support/testInference.js";
import { textFormat, textOf } from "../support/tokenizer.js";
import { Cancelled, neverCancelled } from "../../src/shared/cancellation.js";

const known =
  "function sum(list) {\n  let total = 0;\n  for (const one of list) total += one;\n\n  return total;\n}\n\nsum([1]);\n";

interface Written {
  readonly pieces: readonly string[];
  readonly whole: string;
  /** The part of the text after the cursor on the line that the generated text has not replaced. */
  readonly left: string;
}

const indentUnit = "  ";

/** The document: one line, with the cursor at its end. */
const opening = "function sum(";
function requestIn(inference: TestInference): GenerationRequest {
  const session = openSession(inference, opening);
  return {
    session,
    line: 0,
    linePrefix: opening,
    afterCursor: "",
    maxLines: 20,
    indentUnit,
    prefixMode: "window",
    neighbors: [],
  };
}

/** Generates text at the cursor of `marked`. */
async function generate(inference: TestInference, marked: string, maxLines = 20, path = "src/a.ts"): Promise<Written> {
  const { text, line, character } = withCursor(marked);
  const session = openSession(inference, text, { path });
  const pieces: string[] = [];
  const own = text.split("\n")[line]!;
  const rest = own.slice(character);
  let left = rest;
  const request = {
    session,
    line,
    linePrefix: own.slice(0, character),
    afterCursor: rest,
    maxLines,
    indentUnit,
    prefixMode: "window",
    neighbors: [],
  } as const;
  const onText = (more: Insertion): void => {
    pieces.push(more.text);
    left = left.slice(more.replaced);
  };
  const result = await new Generator(inference).generate(request, onText, neverCancelled);
  assert.equal(pieces.join(""), result.text);
  return { pieces, whole: result.text, left };
}

test("a block is generated to its end, in deltas of complete lines", async () => {
  const { pieces, whole } = await generate(testInference(new FakeModel({ knows: known })), "function sum(║");
  assert.equal(whole, "list) {\n  let total = 0;\n  for (const one of list) total += one;\n\n  return total;\n}");
  assert.ok(pieces.length >= 4, `${pieces.length} pieces`);
});

test("trailing blank lines are not generated", async () => {
  const knows = "def add(first, second):\n  return first + second\n\n\n\n\nclass Other:\n  pass\n";
  const { pieces, whole } = await generate(testInference(new FakeModel({ knows })), "def add(first║", 20, "src/a.py");
  assert.equal(whole, ", second):\n  return first + second");
  assert.deepEqual(pieces, [", second):", "\n  return first + second"]);
});

for (const [what, knows, marked, left] of [
  ["on its first line", known, "function sum(║)", ""],
  ["on its last line", "run(() => {\n  first();\n  second();\n});\n\nother();\n", "run(() => {║});", ""],
  ["on both", "each(one, (it) => {\n  first(it);\n});\n\nother();\n", "each(one, (║));", ""],
  ["in the only line", "const a = compute(1, 2);\n\nother();\n", "const a = compute(║);", ""],
  ["nowhere", known, "[function sum(║]", "]"],
] as const) {
  test(`closers after the cursor that the text closes itself are replaced: ${what}`, async () => {
    const written = await generate(testInference(new FakeModel({ knows })), marked);
    assert.equal(written.left, left, written.whole);
    assert.match(written.whole, /[)};]$/);
  });
}

test("text within a line ends before it repeats the text after the cursor", async () => {
  const { whole, left } = await generate(testInference(new FakeModel({ knows: known })), "function sum(║) + 1");
  assert.equal(whole + left, "list) + 1");
});

test("no more lines than requested are generated, and what they leave open is closed", async () => {
  const { whole } = await generate(testInference(new FakeModel({ knows: known })), "function sum(║", 2);
  assert.equal(whole, "list) {\n  let total = 0;\n}");
});

test("if the suffix is read first, the text ends before it repeats the line below", async () => {
  const read: TokenId[] = [];
  const model = new FakeModel({ knows: known, prompt: textFormat, onRun: (tokens) => void read.push(...tokens) });
  const { whole } = await generate(testInference(model), "function sum(║\n  return total;\n}\n");
  assert.equal(whole, "list) {\n  let total = 0;\n  for (const one of list) total += one;");
  const suffixFirst = "✿prefix✿✿suffix✿\n  return total;\n}\n✿middle✿function sum";
  assert.ok(textOf(model.tokenizer, read).startsWith(suffixFirst), textOf(model.tokenizer, read));
});

const body = "  return first + second;\n}\n\nadd(1, 2);\n";

for (const [what, marked, written] of [
  [
    "below a comment that is less indented than its block the text is in the block, which it closes",
    "function add(first, second) {\n// adds both\n║",
    "  return first + second;\n}",
  ],
  [
    "a bracket that is closed below is not closed once more",
    "function add(first, second) {\n// adds both\n║\n}\n",
    "  return first + second;",
  ],
] as const) {
  test(what, async () => {
    const knows = `function add(first, second) {\n// adds both\n${body}`;
    assert.equal((await generate(testInference(new FakeModel({ knows })), marked)).whole, written);
  });
}

test("a command does not generate the end of a document if the model has not seen the text below", async () => {
  class Ending extends FakeModel {
    override logitsAfter(read: readonly TokenId[]): Float32Array {
      const logits = super.logitsAfter(read);
      logits[0] = 100;
      return logits;
    }
  }
  const { whole } = await generate(testInference(new Ending({ knows: "a();\nb();\n" })), "a();\n║");
  assert.match(whole, /^b/);
});

test("generated text has the document's indentation", async () => {
  const { whole } = await generate(
    testInference(new FakeModel({ knows: known })),
    "if (a) {\n\tb();\n}\nfunction sum(║",
  );
  assert.match(whole, /^list\) \{\n\tlet total = 0;\n\tfor/);
});

test("cancellation ends generation within one run", async () => {
  const cancellation = { isCancellationRequested: false };
  const model = new FakeModel({ knows: known });
  const inference = testInference(model);
  let runs = 0;
  const written = new Generator(inference).generate(
    requestIn(inference),
    () => {
      runs = model.runs.length;
      cancellation.isCancellationRequested = true;
    },
    cancellation,
  );
  await assert.rejects(written, Cancelled);
  assert.equal(model.runs.length, runs);
});

test("an inline completion runs before generation, and background reading after it", async () => {
  const order: string[] = [];
  const waiting: Promise<unknown>[] = [];
  const run = (priority: Priority): void => {
    const ran = inference.scheduler.run(priority, neverCancelled, () => Promise.resolve(order.push(priority)));
    waiting.push(ran);
  };
  const onRun = (): void => {
    if (waiting.length > 0) return;
    run("background");
    run("inline");
  };
  const inference = testInference(new FakeModel({ knows: known, onRun }));
  await new Generator(inference).generate(requestIn(inference), () => order.push("text"), neverCancelled);
  await Promise.all(waiting);
  assert.equal(order[0], "inline");
  assert.equal(order.at(-1), "background");
  assert.ok(order.includes("text"));
});

test("a waiting request uses the text as it was on arrival", async () => {
  const inference = testInference(new FakeModel({ knows: known }));
  const generator = new Generator(inference);
  const first = generator.generate(requestIn(inference), () => undefined, neverCancelled);
  const request = requestIn(inference);
  const second = generator.generate(request, () => undefined, neverCancelled);
  request.session.setText("");
  assert.equal((await second).text, (await first).text);
});
