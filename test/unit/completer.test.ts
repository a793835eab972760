import assert from "node:assert/strict";
import test from "node:test";
import { Cancelled } from "../../src/core/model.js";
import { FakeModel } from "../support/fakeModel.js";
import { ask, openSession, testRoom } from "../support/room.js";
import { prefixFormat, suffixFormat, textOf } from "../support/tokenizer.js";

const known = "function add(first, second) {\n  return first + second;\n}\nadd(1, 2);\n";

test("ghost text is what the model goes on with, up to the line's end", async () => {
  const room = testRoom(new FakeModel({ knows: known }));
  const session = openSession(room, "");
  assert.equal(await ask(room, session, "function add(first, second) {\n  ret║"), "  ret├urn first + second;┤");
});

test("a cursor within a word is healed: the answer begins where the typed text ends", async () => {
  const room = testRoom(new FakeModel({ knows: known }));
  const session = openSession(room, "");
  for (const typed of ["r", "re", "retu", "retur", "return", "return ", "return fir", "return first + seco"]) {
    const rest = "return first + second;".slice(typed.length);
    assert.equal(await ask(room, session, `function add(first, second) {\n  ${typed}║`), `  ${typed}├${rest}┤`);
  }
});

test("while the user types what is shown, the rest is the next answer and no run is needed", async () => {
  const model = new FakeModel({ knows: known });
  const room = testRoom(model);
  const session = openSession(room, "");
  await ask(room, session, "function add(first, second) {\n  ret║");
  const runs = model.runs.length;
  assert.equal(await ask(room, session, "function add(first, second) {\n  retur║"), "  retur├n first + second;┤");
  assert.equal(
    await ask(room, session, "function add(first, second) {\n  return first║"),
    "  return first├ + second;┤",
  );
  assert.equal(model.runs.length, runs);
  assert.equal(room.counter.counts.reused, 2);
});

test("when the user types something else, the old answer is forgotten", async () => {
  const room = testRoom(new FakeModel({ knows: known }));
  const session = openSession(room, "");
  await ask(room, session, "function add(first, second) {\n  ret║");
  assert.equal(await ask(room, session, "function add(first, second) {\n  rex║"), "  rex");
});

test("a key on the same line reads only what was typed on it", async () => {
  const model = new FakeModel({ knows: known });
  const room = testRoom(model);
  const session = openSession(room, "");
  const above = "const value = compute(1);\n".repeat(200);
  await ask(room, session, `${above}fo║`, { longPrefix: "readAll" });
  await ask(room, session, `${above}fox║`);
  const cost = room.counter.last!;
  assert.equal(cost.exact, true);
  assert.ok(cost.tokensRead <= 8, `${cost.tokensRead} tokens read`);
});

test("an automatic request with text right of the cursor has no answer and no run; an invoked one has", async () => {
  const model = new FakeModel({ knows: known });
  const room = testRoom(model);
  const session = openSession(room, "");
  assert.equal(await ask(room, session, "function add(║ /* none */"), "function add( /* none */");
  assert.deepEqual(model.runs, []);
  const invoked = await ask(room, session, "function add(║ /* none */", { trigger: "invoked" });
  assert.equal(invoked, "function add(├first, second) {┤ /* none */");
});

test("closers that the editor put right of the cursor are replaced, not doubled", async () => {
  const room = testRoom(new FakeModel({ knows: known }));
  const session = openSession(room, "");
  assert.equal(await ask(room, session, "add(║)"), "add(├1, 2);┤");
  assert.equal(await ask(room, session, "function add(║)"), "function add(├first, second) {┤");
});

test("an IntelliSense entry that is selected is extended over its own range", async () => {
  const room = testRoom(new FakeModel({ knows: known }));
  const session = openSession(room, "");
  const marked = "function add(first, second) {\n  return fi║";
  const selected = { start: 9, end: 11, text: "first" };
  assert.equal(await ask(room, session, marked, { selected }), "  return ├first + second;┤");
});

test("an IntelliSense entry that the model would not go on from has no answer", async () => {
  const room = testRoom(new FakeModel({ knows: known }));
  const session = openSession(room, "");
  const selected = { start: 9, end: 11, text: "fizzbuzz" };
  assert.equal(await ask(room, session, "function add(first, second) {\n  return fi║", { selected }), "  return fi");
});

test("an empty line that opens a block gets the block, any other place one line", async () => {
  const body = "if (ready) {\n    start();\n    wait();\n}\nend();\n";
  const room = testRoom(new FakeModel({ knows: body }));
  const session = openSession(room, "");
  assert.equal(await ask(room, session, "if (ready) {\n    ║"), "    ├start();\n    wait();┤");
  const other = openSession(room, "");
  assert.equal(await ask(room, other, "if (ready) {\n    sta║"), "    sta├rt();┤");
});

test("in the prefix-suffix-middle form the model reads the suffix once per line", async () => {
  const model = new FakeModel({ knows: known, prompt: suffixFormat });
  const room = testRoom(model);
  const session = openSession(room, "");
  const below = "\nafter();\nlast();";
  await ask(room, session, `let a;\nfo║${below}`);
  const first = room.counter.last!;
  await ask(room, session, `let a;\nfox║${below}`);
  const second = room.counter.last!;
  assert.ok(first.tokensRead > second.tokensRead + 4);
  assert.ok(second.tokensRead <= 4, `${second.tokensRead} tokens read`);
  assert.equal(second.exact, true);
});

test("the prompt is the header, the prefix and what was typed", async () => {
  const read: number[] = [];
  const model = new FakeModel({ onRun: (tokens) => void read.push(...tokens) });
  const room = testRoom(model);
  const session = openSession(room, "", { path: "src/math.ts" });
  await ask(room, session, "let total = 0;\ntotal = ║");
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
  const room = testRoom(model);
  const session = openSession(room, "");
  const asked = ask(room, session, `${"x = 1;\n".repeat(40)}function ║`, { cancellation });
  await assert.rejects(asked, Cancelled);
  assert.equal(model.runs.length, 1);
});

test("a request after a cancelled one is answered as if the first had never been", async () => {
  const cancellation = { isCancellationRequested: false };
  let cancelling = true;
  const onRun = (): void => {
    cancellation.isCancellationRequested = cancelling;
  };
  const room = testRoom(new FakeModel({ knows: known, onRun }));
  const session = openSession(room, "");
  await assert.rejects(ask(room, session, "function add(first, second) {\n  ret║", { cancellation }), Cancelled);
  cancelling = false;
  assert.equal(await ask(room, session, "function add(first, second) {\n  ret║"), "  ret├urn first + second;┤");
});

test("once the time budget is used up no further token is decoded", async () => {
  const room = testRoom(new FakeModel({ knows: known }), { limits: { timeBudgetMs: 0 } });
  const session = openSession(room, "");
  await ask(room, session, "function add(first, second) {\n  return║");
  assert.equal(room.counter.last?.tokensDecoded, 1);
});

test("before the exact state of a long prefix is there, a window is read and counted as one", async () => {
  const model = new FakeModel({ knows: known });
  const room = testRoom(model);
  const session = openSession(room, "");
  const above = "const value = compute(1);\n".repeat(300);
  assert.equal(await ask(room, session, `${above}function add(║`), "function add(├first, second) {┤");
  const cost = room.counter.last!;
  assert.equal(cost.exact, false);
  assert.ok(cost.tokensRead <= 700, `${cost.tokensRead} tokens read`);
  await ask(room, session, `${above}function axe(║`);
  assert.ok(room.counter.last!.tokensRead <= 16, `${room.counter.last!.tokensRead} tokens read on the next key`);
  assert.equal(room.counter.counts.window, 2);
});

test("where a line is longer than a window, the window begins within it", async () => {
  const line = `const data = [${"12, 7, ".repeat(1500)}`;
  for (const header of [prefixFormat.header, undefined]) {
    const model = new FakeModel({ knows: known, prompt: { ...prefixFormat, header } });
    for (const marked of [`a;\n${line}function add(║`, `a;\n${line}\nfunction add(║`]) {
      const room = testRoom(model);
      const shown = await ask(room, openSession(room, ""), marked);
      assert.match(shown, /function add\(├first, second\) \{┤$/);
      const { exact, promptTokens } = room.counter.last!;
      assert.equal(exact, false);
      assert.ok(promptTokens > 256 && promptTokens < 700, `${promptTokens} tokens`);
    }
  }
});

for (const prompt of [prefixFormat, suffixFormat]) {
  test(`a key at the end of a very long line reads a few hundred bytes at most (${prompt.form})`, async () => {
    const room = testRoom(new FakeModel({ prompt }));
    const session = openSession(room, "");
    const line = `const data = [${"12, 7, ".repeat(3000)}`;
    await ask(room, session, `a;\n${line}║`, { longPrefix: "readAll" });
    for (const typed of ["1", "13", "13,"]) {
      await ask(room, session, `a;\n${line}${typed}║`);
      assert.ok(room.counter.last!.tokensRead <= 512, `${room.counter.last!.tokensRead} tokens read`);
      assert.equal(room.counter.last!.exact, true);
    }
  });
}
