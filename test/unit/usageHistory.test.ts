import assert from "node:assert/strict";
import test from "node:test";
import { PersistedCounts } from "../../src/extension/completionCounts.js";
import { dayOf, lastDays, readHistory } from "../../src/extension/usageHistory.js";
import { memento } from "../support/memento.js";

const day = 24 * 3600 * 1000;
const noon = new Date(2026, 2, 30, 12).getTime();

test("counts are kept by day and by language, across windows", async () => {
  const stored = memento();
  const [one, other] = [new PersistedCounts(stored, () => noon), new PersistedCounts(stored, () => noon)];
  one.add({ shown: 2 }, "typescript");
  other.add({ shown: 1, accepted: 1 }, "python");
  await one.save();
  await other.save();
  const { days, languages } = new PersistedCounts(stored, () => noon).history;
  assert.deepEqual([...days], [["2026-03-30", { shown: 3, accepted: 1 }]]);
  assert.deepEqual(languages.get("python"), { shown: 1, accepted: 1 });
});

test("a correction from before a reset does not make a count negative", async () => {
  const counts = new PersistedCounts(memento(), () => noon);
  counts.add({ shown: 2 }, "go");
  await counts.reset();
  assert.equal(counts.history.languages.size, 0);
  counts.add({ accepted: 1, partlyAccepted: -1 }, "go");
  await counts.save();
  assert.deepEqual(counts.history.languages.get("go"), { accepted: 1, partlyAccepted: 0 });
});

test("only the last eight weeks are kept", async () => {
  let now = noon;
  const counts = new PersistedCounts(memento(), () => now);
  for (let i = 0; i < 80; i++, now += day) counts.add({ shown: 1 }, "typescript");
  await counts.save();
  assert.equal(counts.history.days.size, 56);
  assert.equal([...counts.history.days.keys()].at(-1), dayOf(now - day));
});

test("invalid days, and days from a wrong clock, are ignored", async () => {
  const names = Array.from({ length: 30 }, (_, i) => [`zz${i}`, `21${i + 10}-01-01`]).flat();
  const stored = { days: Object.fromEntries(names.map((name) => [name, { shown: 1 }])), languages: {} };
  assert.equal(readHistory(stored).days.size, 0);
});

test("a language may have any name", async () => {
  const counts = new PersistedCounts(memento(), () => noon);
  for (const name of ["__proto__", "constructor"]) counts.add({ shown: 1 }, name);
  await counts.save();
  assert.deepEqual([...counts.history.languages.keys()], ["__proto__", "constructor"]);
});

test("the last days are listed once each, even when clocks are changed", () => {
  const own = process.env["TZ"];
  process.env["TZ"] = "Europe/Berlin"; // 24 hours before this time, it was March 28 there
  try {
    const days = lastDays(new Date(2026, 2, 30, 0, 30).getTime(), 28);
    assert.equal(new Set(days).size, 28);
    assert.deepEqual([days[0], days.at(-1)], ["2026-03-03", "2026-03-30"]);
  } finally {
    if (own === undefined) delete process.env["TZ"];
    else process.env["TZ"] = own;
  }
});
