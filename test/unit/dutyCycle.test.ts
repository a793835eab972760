import assert from "node:assert/strict";
import test from "node:test";
import { DutyCycle } from "../../src/core/states/dutyCycle.js";

/**
 * Simulates work in parts of 200 ms between two points in time, with the pauses that the duty cycle asks for.
 * @returns the milliseconds spent working.
 */
function work(cycle: DutyCycle, fromMs: number, toMs: number): number {
  let busyMs = 0;
  for (let nowMs = fromMs; nowMs < toMs;) {
    busyMs += 200;
    nowMs += 200 + cycle.pauseAfter(200, nowMs + 200);
  }
  return busyMs;
}

test("work of up to a minute is not paused, and longer work takes up half of the time", () => {
  const cycle = new DutyCycle();
  assert.equal(work(cycle, 0, 60_000), 60_000);
  assert.ok(cycle.pauseAfter(200, 60_200) > 0);
  const busyMs = work(cycle, 60_000, 360_000);
  assert.ok(Math.abs(busyMs / 300_000 - 0.5) < 0.01, `${busyMs} ms of 300,000`);
});

test("after a rest, work runs without a pause for as long as the rest has earned", () => {
  const cycle = new DutyCycle();
  work(cycle, 0, 200_000);
  assert.ok(cycle.pauseAfter(200, 200_200) > 0);
  assert.equal(cycle.pauseAfter(15_000, 275_000), 0);
});

test("a part that took hours is followed by a pause of a few seconds, and by no further ones to make up for it", () => {
  const cycle = new DutyCycle();
  const hours = 8 * 3_600_000;
  const pause = cycle.pauseAfter(hours, hours);
  assert.ok(pause > 0 && pause <= 10_000, `${pause} ms`);
  assert.ok(cycle.pauseAfter(200, hours + pause + 200) < 1000);
});

test("a pause is as long as it takes to earn what was used beyond the credit, at half the speed of time", () => {
  const cycle = new DutyCycle();
  assert.equal(cycle.pauseAfter(30_000, 30_000), 0);
  assert.equal(cycle.pauseAfter(1000, 31_000), 1000);
  assert.equal(cycle.pauseAfter(100, 20_000), 1200); // the clock was set back, so no credit is earned
  assert.equal(cycle.pauseAfter(1e6, 20_000), 10_000);
  assert.equal(cycle.pauseAfter(0, 30_000), 0);
});
