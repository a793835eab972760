import assert from "node:assert/strict";
import test from "node:test";
import { DutyCycle } from "../../src/core/states/dutyCycle.js";
import { backgroundReading } from "../support/backgroundReading.js";
import { FakeModel } from "../support/fakeModel.js";
import { complete, openSession, testInference } from "../support/testInference.js";

/** A text whose lines all differ. */
const numbered = Array.from({ length: 300 }, (_, i) => `const value${i} = compute(${i});\n`).join("");

test("after an edit above, a slow model completes on a line of earlier work by reading only that line", async () => {
  const inference = testInference(new FakeModel({ prefillTokensPerSecond: 280 }), { limits: { timeBudgetMs: 300 } });
  const session = openSession(inference, numbered);
  const { reader, idle } = backgroundReading(inference);
  const done = idle();
  reader.opened(session);
  await done;
  const at = (line: number): string => {
    const lines = session.document.lines(0, 300).map((text) => text.replace("\n", ""));
    return lines.with(line, `${lines[line]!}x║`).join("\n");
  };
  const places = [];
  for (const line of [247, 222, 201, 177, 150]) {
    await complete(inference, session, at(line));
    if (inference.counter.last?.source === "exact") places.push(line);
  }
  assert.ok(places.length > 1, "at others, the next checkpoint is too far above");
  await complete(inference, session, at(3));
  for (const line of places) {
    await complete(inference, session, at(line));
    const { source, tokensRead } = inference.counter.last!;
    assert.equal(source, "stale");
    assert.ok(tokensRead <= 16, `${tokensRead} tokens read on line ${line}`);
  }
  await reader.dispose();
});

test("if a request cannot read a block in time, everything up to the cursor is read", async () => {
  for (const [maxGap, left] of [
    [1000, 63],
    [40, 0],
  ] as const) {
    const inference = testInference(new FakeModel());
    const session = openSession(inference, numbered);
    session.cursorToken = 64 * 5 + 63;
    // The timer never fires, so background reading does not continue after the cursor.
    const { reader, idle } = backgroundReading(inference, {
      maxGapTokens: () => maxGap,
      setTimer: () => () => undefined,
    });
    const done = idle();
    reader.edited(session);
    await done;
    assert.equal(session.cursorToken - (session.checkpoints.nearest(session.cursorToken)?.offset ?? 0), left);
    await reader.dispose();
  }
});

test("long reading pauses between its parts, and ends at once if it is disposed of during a pause", async () => {
  let nowMs = 0;
  const model = new FakeModel({
    onRun: () => {
      nowMs += 2;
      return Promise.resolve();
    },
  });
  const inference = testInference(model);
  let pauses = 0;
  let fifth = (): void => undefined;
  const paused = new Promise<void>((resolve) => (fifth = resolve));
  const { reader } = backgroundReading(inference, {
    dutyCycle: new DutyCycle(0),
    now: () => nowMs,
    setTimer: (ms, callback) => {
      assert.ok(ms >= 1, `a pause of ${ms} ms`);
      pauses++;
      if (pauses < 5) callback();
      else fifth();
      return () => undefined;
    },
  });
  reader.opened(openSession(inference, numbered));
  await paused;
  await reader.dispose();
  assert.equal(model.runs.length, 5);
});
