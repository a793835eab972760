import assert from "node:assert/strict";
import test from "node:test";
import { FakeModel } from "../support/fakeModel.js";
import { complete, openSession, testInference } from "../support/testInference.js";
import { prefixFormat, suffixFormat, textOf } from "../support/tokenizer.js";
import { Cancelled } from "../../src/shared/cancellation.js";

const known = "function add(first, second) {\n  return first + second;\n}\nadd(1, 2);\n";

test("ghost text is the model's continuation up to the line's end", async () => {
  const inference = testInference(new FakeModel({ knows: known }));
  const session = openSession(inference, "");
  assert.equal(
    await complete(inference, session, "function add(first, second) {\n  ret║"),
    "  ret├urn first + second;┤",
  );
});

test("a cursor within a word is healed: the completion begins at the end of the typed text", async () => {
  const inference = testInference(new FakeModel({ knows: known }));
  const session = openSession(inference, "");
  for (const typed of ["r", "re", "retu", "retur", "return", "return ", "return fir", "return first + seco"]) {
    const rest = "return first + second;".slice(typed.length);
    assert.equal(
      await complete(inference, session, `function add(first, second) {\n  ${typed}║`),
      `  ${typed}├${rest}┤`,
    );
  }
});

test("while the user types the suggested text, the continuation is shown without a run", async () => {
  const model = new FakeModel({ knows: known });
  const inference = testInference(model);
  const session = openSession(inference, "");
  await complete(inference, session, "function add(first, second) {\n  ret║");
  const runs = model.runs.length;
  assert.equal(
    await complete(inference, session, "function add(first, second) {\n  retur║"),
    "  retur├n first + second;┤",
  );
  assert.equal(
    await complete(inference, session, "function add(first, second) {\n  return first║"),
    "  return first├ + second;┤",
  );
  assert.equal(model.runs.length, runs);
  assert.equal(inference.counter.counts.reused, 2);
});

test("when the user types something else, the pending completion is discarded", async () => {
  const inference = testInference(new FakeModel({ knows: known }));
  const session = openSession(inference, "");
  await complete(inference, session, "function add(first, second) {\n  ret║");
  assert.equal(await complete(inference, session, "function add(first, second) {\n  rex║"), "  rex");
});

test("a keystroke on the same line reads only the text typed on it", async () => {
  const model = new FakeModel({ knows: known });
  const inference = testInference(model);
  const session = openSession(inference, "");
  const above = "const value = compute(1);\n".repeat(200);
  await complete(inference, session, `${above}fo║`, { prefixMode: "full" });
  await complete(inference, session, `${above}fox║`);
  const cost = inference.counter.last!;
  assert.equal(cost.exact, true);
  assert.ok(cost.tokensRead <= 8, `${cost.tokensRead} tokens read`);
});

test("an automatic request with text after the cursor gets no completion and no run; an invoked one gets both", async () => {
  const model = new FakeModel({ knows: known });
  const inference = testInference(model);
  const session = openSession(inference, "");
  assert.equal(await complete(inference, session, "function add(║ /* none */"), "function add( /* none */");
  assert.deepEqual(model.runs, []);
  const invoked = await complete(inference, session, "function add(║ /* none */", { trigger: "invoked" });
  assert.equal(invoked, "function add(├first, second) {┤ /* none */");
});

test("within a word even an invoked request gets no completion and no run", async () => {
  const model = new FakeModel({ knows: known });
  const inference = testInference(model);
  const session = openSession(inference, "");
  const invoked = await complete(inference, session, "function a║dd(", { trigger: "invoked" });
  assert.equal(invoked, "function add(");
  assert.deepEqual(model.runs, []);
});

test("closers that the editor inserted after the cursor are replaced, not doubled", async () => {
  const inference = testInference(new FakeModel({ knows: known }));
  const session = openSession(inference, "");
  assert.equal(await complete(inference, session, "add(║)"), "add(├1, 2);┤");
  assert.equal(await complete(inference, session, "function add(║)"), "function add(├first, second) {┤");
});

test("a selected IntelliSense entry is extended over its own range", async () => {
  const inference = testInference(new FakeModel({ knows: known }));
  const session = openSession(inference, "");
  const marked = "function add(first, second) {\n  return fi║";
  const selected = { start: 9, end: 11, text: "first" };
  assert.equal(await complete(inference, session, marked, { selected }), "  return ├first + second;┤");
});

test("an IntelliSense entry that the model would not continue has no completion", async () => {
  const inference = testInference(new FakeModel({ knows: known }));
  const session = openSession(inference, "");
  const selected = { start: 9, end: 11, text: "fizzbuzz" };
  assert.equal(
    await complete(inference, session, "function add(first, second) {\n  return fi║", { selected }),
    "  return fi",
  );
});

test("an edit during the first run does not change the text that the suggestion is compared with", async () => {
  let edit = (): void => undefined;
  const inference = testInference(
    new FakeModel({
      knows: known,
      onRun: (): void => {
        edit();
      },
    }),
  );
  const session = openSession(inference, "");
  edit = () => {
    edit = () => undefined;
    session.document.edit({ startLine: 4, endLine: 5, text: "add(1, 2);\n" });
  };
  const marked = "function add(first, second) {\n  return first + second;\n}\nadd(║\n\n";
  assert.equal(await complete(inference, session, marked), "add(├1, 2);┤");
  assert.equal(await complete(inference, session, marked.replace("║\n\n", "║\nadd(1, 2);\n")), "add(");
});

test("a blank line at the start of a block gets a block, any other position one line", async () => {
  const body = "if (ready) {\n    start();\n    wait();\n}\nend();\n";
  const inference = testInference(new FakeModel({ knows: body }));
  const session = openSession(inference, "");
  assert.equal(await complete(inference, session, "if (ready) {\n    ║"), "    ├start();\n    wait();┤");
  const other = openSession(inference, "");
  assert.equal(await complete(inference, other, "if (ready) {\n    sta║"), "    sta├rt();┤");
});

test("in the prefix-suffix-middle form, the model reads the suffix once per line", async () => {
  const model = new FakeModel({ knows: known, prompt: suffixFormat });
  const inference = testInference(model);
  const session = openSession(inference, "");
  const below = "\nafter();\nlast();";
  await complete(inference, session, `let a;\nfo║${below}`);
  const first = inference.counter.last!;
  await complete(inference, session, `let a;\nfox║${below}`);
  const second = inference.counter.last!;
  assert.ok(first.tokensRead > second.tokensRead + 4);
  assert.ok(second.tokensRead <= 4, `${second.tokensRead} tokens read`);
  assert.equal(second.exact, true);
});

test("the prompt is the header, the prefix and the line prefix", async () => {
  const read: number[] = [];
  const model = new FakeModel({ onRun: (tokens) => void read.push(...tokens) });
  const inference = testInference(model);
  const session = openSession(inference, "", { path: "src/math.ts" });
  await complete(inference, session, "let total = 0;\ntotal = ║");
  assert.equal(read[0], 4);
  assert.match(textOf(model.tokenizer, read as never[]), /^src\/math\.ts\nlet total = 0;\ntotal =/);
});

test("cancelling stops within one run, and no run follows", async () => {
  const cancellation = { isCancellationRequested: false };
  const model = new FakeModel({
    knows: known,
    chunkTokens: 16,
    onRun: () => void (cancellation.isCancellationRequested = true),
  });
  const inference = testInference(model);
  const session = openSession(inference, "");
  const asked = complete(inference, session, `${"x = 1;\n".repeat(40)}function ║`, { cancellation });
  await assert.rejects(asked, Cancelled);
  assert.equal(model.runs.length, 1);
});

test("a request after a cancelled one has the same result as without it", async () => {
  const cancellation = { isCancellationRequested: false };
  let cancelling = true;
  const onRun = (): void => {
    cancellation.isCancellationRequested = cancelling;
  };
  const inference = testInference(new FakeModel({ knows: known, onRun }));
  const session = openSession(inference, "");
  await assert.rejects(
    complete(inference, session, "function add(first, second) {\n  ret║", { cancellation }),
    Cancelled,
  );
  cancelling = false;
  assert.equal(
    await complete(inference, session, "function add(first, second) {\n  ret║"),
    "  ret├urn first + second;┤",
  );
});

test("no token is decoded after the time budget", async () => {
  const inference = testInference(new FakeModel({ knows: known }), { limits: { timeBudgetMs: 0 } });
  const session = openSession(inference, "");
  await complete(inference, session, "function add(first, second) {\n  return║");
  assert.equal(inference.counter.last?.tokensDecoded, 1);
});

test("before the exact state of a long prefix is ready, a window is read and counted as one", async () => {
  const model = new FakeModel({ knows: known });
  const inference = testInference(model);
  const session = openSession(inference, "");
  const above = Array.from({ length: 300 }, (_, i) => `const value${i} = compute(${i});\n`).join("");
  assert.equal(await complete(inference, session, `${above}function add(║`), "function add(├first, second) {┤");
  const cost = inference.counter.last!;
  assert.equal(cost.exact, false);
  assert.ok(cost.tokensRead <= 700, `${cost.tokensRead} tokens read`);
  await complete(inference, session, `${above}function axe(║`);
  assert.ok(
    inference.counter.last!.tokensRead <= 16,
    `${inference.counter.last!.tokensRead} tokens read on the next key`,
  );
  assert.equal(inference.counter.counts.window, 2);
});

test("if a line is longer than a window, the window begins within it", async () => {
  const line = `const data = [${"12, 7, ".repeat(1500)}`;
  for (const header of [prefixFormat.header, undefined]) {
    const model = new FakeModel({ knows: known, prompt: { ...prefixFormat, header } });
    for (const marked of [`a;\n${line}function add(║`, `a;\n${line}\nfunction add(║`]) {
      const inference = testInference(model);
      const shown = await complete(inference, openSession(inference, ""), marked);
      assert.match(shown, /function add\(├first, second\) \{┤$/);
      const { exact, promptTokens } = inference.counter.last!;
      assert.equal(exact, false);
      assert.ok(promptTokens > 256 && promptTokens < 700, `${promptTokens} tokens`);
    }
  }
});

for (const prompt of [prefixFormat, suffixFormat]) {
  test(`a keystroke at the end of a very long line reads at most a few hundred tokens (${prompt.form})`, async () => {
    const inference = testInference(new FakeModel({ prompt }));
    const session = openSession(inference, "");
    const line = `const data = [${"12, 7, ".repeat(3000)}`;
    await complete(inference, session, `a;\n${line}║`, { prefixMode: "full" });
    for (const typed of ["1", "13", "13,"]) {
      await complete(inference, session, `a;\n${line}${typed}║`);
      assert.ok(inference.counter.last!.tokensRead <= 512, `${inference.counter.last!.tokensRead} tokens read`);
      assert.equal(inference.counter.last!.exact, true);
    }
  });
}
