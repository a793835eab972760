import assert from "node:assert/strict";
import test from "node:test";
import { UserPause } from "../../src/core/states/userPause.js";

test("a pause counts as quiet and then as long, until the user does something", () => {
  const timers: { readonly ms: number; readonly fire: () => void; isCancelled: boolean }[] = [];
  let longer = 0;
  const pause = new UserPause(
    { quietMs: 5 },
    (ms, fire) => {
      const timer = { ms, fire, isCancelled: false };
      timers.push(timer);
      return () => (timer.isCancelled = true);
    },
    () => longer++,
  );
  const now = () => [pause.isQuiet, pause.isIdle, longer];
  assert.deepEqual(now(), [true, true, 0]);
  pause.ended();
  assert.deepEqual(now(), [false, false, 0]);
  timers[0]!.fire();
  assert.deepEqual(now(), [true, false, 1]);
  timers[1]!.fire();
  assert.deepEqual(now(), [true, true, 2]);
  pause.ended();
  pause.ended();
  pause.dispose();
  assert.deepEqual(timers.map(({ ms }) => ms), [5, 120_000, 5, 5]); // prettier-ignore
  assert.deepEqual(timers.slice(2).map(({ isCancelled }) => isCancelled), [true, true]); // prettier-ignore
});
