import assert from "node:assert/strict";
import test from "node:test";
import { DutyCycle } from "../../src/core/states/dutyCycle.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import { backgroundReading } from "../support/backgroundReading.js";
import { FakeModel } from "../support/fakeModel.js";
import { openSession, testInference } from "../support/testInference.js";

const text = "const value = compute(1);\n".repeat(300);
const quietMs = 999; // differs from all pauses between runs, so that timers can be told apart
const powerCheckMs = 60_000;

/**
 * A background reader on a fake clock. Each run of its model takes 200 ms. The timers of pauses between runs never
 * fire.
 */
function onFakeClock(dutyCycle: DutyCycle, isNearCursorOnly = (): boolean => false) {
  let nowMs = 0;
  const pauses: number[] = [];
  let checkPower = (): void => undefined;
  let onPause = (): void => undefined;
  const model = new FakeModel({
    onRun: () => {
      nowMs += 200;
      return Promise.resolve();
    },
  });
  const inference = testInference(model);
  const { reader, idle } = backgroundReading(inference, {
    quietMs,
    isNearCursorOnly,
    dutyCycle,
    now: () => nowMs,
    setTimer: (ms, callback) => {
      if (ms === powerCheckMs) checkPower = callback;
      else if (ms !== quietMs) {
        pauses.push(ms);
        onPause();
      }
      return () => undefined;
    },
  });
  return {
    inference,
    model,
    reader,
    pauses,
    passMs: (ms: number): void => void (nowMs += ms),
    checkPower: (): void => {
      checkPower();
    },
    paused: () => new Promise<void>((resolve) => (onPause = resolve)),
    idle,
  };
}

test("time in which other jobs run does not count as reading", async () => {
  const { inference, model, reader, pauses, passMs, paused } = onFakeClock(new DutyCycle(500));
  let end = (): void => undefined;
  const other = inference.scheduler.run("command", neverCancelled, () => new Promise<void>((done) => (end = done)));
  const firstPause = paused();
  reader.opened(openSession(inference, text)); // its first run waits for the other job
  await new Promise((resolve) => setImmediate(resolve)); // lets the other job start
  passMs(120_000);
  end();
  await other;
  await firstPause;
  assert.equal(model.runs.length, 5); // five runs of 200 ms: the budget of 500 ms, plus 100 ms earned in each run
  assert.deepEqual(pauses, [200]);
  await reader.dispose();
});

test("opening, focusing and editing a document each end a pause", async () => {
  const { inference, model, reader, pauses, paused } = onFakeClock(new DutyCycle(0));
  const session = openSession(inference, text);
  session.cursorToken = session.tokens.tokenCount;
  const events = [
    () => {
      reader.opened(session);
    },
    () => {
      reader.opened(openSession(inference, text));
    },
    () => {
      reader.focused(session);
    },
    () => {
      reader.edited(session);
    },
  ];
  for (const [i, event] of events.entries()) {
    const nextPause = paused();
    event();
    await nextPause;
    assert.equal(model.runs.length, i + 1);
  }
  assert.equal(pauses.length, events.length);
  await reader.dispose();
});

for (const isTold of [false, true]) {
  test(`once power no longer needs to be saved, the rest is read: ${isTold ? "the settings change" : "no event says so"}`, async () => {
    let isSaving = true;
    const { inference, reader, checkPower, idle } = onFakeClock(new DutyCycle(1e6), () => isSaving);
    const session = openSession(inference, text);
    session.cursorToken = 200;
    let done = idle();
    reader.focused(session);
    await done;
    assert.equal(session.checkpoints.tokensRead, 192);
    checkPower(); // power must still be saved, so another check follows
    isSaving = false;
    done = idle();
    if (isTold) reader.resume();
    else checkPower();
    await done;
    assert.ok(session.checkpoints.tokensRead > session.tokens.tokenCount - 64);
    await reader.dispose();
  });
}
