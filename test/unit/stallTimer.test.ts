import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { DownloadError } from "../../src/hub/downloadError.js";
import { StallTimer } from "../../src/hub/stallTimer.js";

interface Timed {
  readonly user: AbortController;
  readonly timer: StallTimer;
  readonly pass: (ms: number) => void;
}

function timed(t: TestContext, stallMs: number): Timed {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const user = new AbortController();
  const pass = (ms: number): void => {
    t.mock.timers.tick(ms);
  };
  return { user, timer: new StallTimer(user.signal, stallMs, "hub.example"), pass };
}

test("a request that receives nothing for the whole time is aborted, and the error has the time in seconds", (t) => {
  const { timer, pass } = timed(t, 2_000_000);
  timer.restart();
  pass(1_999_999);
  assert.equal(timer.signal.aborted, false);
  pass(1);
  assert.equal(timer.signal.aborted, true);
  assert.ok(timer.signal.reason instanceof DownloadError);
  assert.deepEqual(timer.signal.reason.failure, { kind: "stalled", host: "hub.example", seconds: 2000 });
});

test("whenever data arrives the time begins again, and while none is awaited it does not run", (t) => {
  const { timer, pass } = timed(t, 1000);
  timer.restart();
  for (let i = 0; i < 5; i++) {
    pass(999);
    timer.restart();
  }
  timer.pause();
  pass(5000);
  assert.equal(timer.signal.aborted, false);
  timer.restart();
  pass(1000);
  assert.equal(timer.signal.aborted, true);
});

test("the user's cancellation and the end of the request abort it too, but do not count as a stall", (t) => {
  const first = timed(t, 1000);
  first.user.abort(new Error("cancelled"));
  assert.match(String(first.timer.signal.reason), /cancelled/);
  t.mock.timers.reset();
  const second = timed(t, 1000);
  second.timer.restart();
  second.timer.stop();
  second.pass(5000);
  assert.match(String(second.timer.signal.reason), /ended/);
});
