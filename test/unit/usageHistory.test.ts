import assert from "node:assert/strict";
import test from "node:test";
import { PersistedCounts } from "../../src/extension/completionCounts.js";
import {
  dayOf,
  historyOf,
  lastDays,
  mergedHistory,
  noHistory,
  readHistory,
  storedHistory,
} from "../../src/extension/usageHistory.js";
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
  process.env["TZ"] = "Europe/Berlin"; // 24 hours before the time below it was March 28, because clocks were changed
  try {
    const days = lastDays(new Date(2026, 2, 30, 0, 30).getTime(), 28);
    assert.equal(new Set(days).size, 28);
    assert.deepEqual([days[0], days.at(-1)], ["2026-03-03", "2026-03-30"]);
  } finally {
    if (own === undefined) delete process.env["TZ"];
    else process.env["TZ"] = own;
  }
});

test("two histories are added up day by day and language by language, oldest day first", () => {
  const sum = [
    historyOf({ shown: 1 }, "2026-03-02", "go"),
    historyOf({ shown: 2, accepted: 1 }, "2026-03-01", undefined),
    historyOf({ shown: 4, accepted: -3 }, "2026-03-02", "go"),
  ].reduce(mergedHistory, noHistory);
  assert.deepEqual([...sum.days], [["2026-03-01", { shown: 2, accepted: 1 }], ["2026-03-02", { shown: 5, accepted: -3 }]]); // prettier-ignore
  assert.deepEqual([...sum.languages], [["go", { shown: 5, accepted: -3 }]]);
  assert.deepEqual(storedHistory(sum), {
    days: { "2026-03-01": { shown: 2, accepted: 1 }, "2026-03-02": { shown: 5, accepted: 0 } },
    languages: { go: { shown: 5, accepted: 0 } },
  });
});

test("at most 200 languages are kept, and today and tomorrow are no days from a wrong clock", () => {
  const many = Array.from({ length: 201 }, (_, i) => historyOf({ shown: 1 }, "2026-03-01", `l${i}`));
  const { languages } = many.reduce(mergedHistory, noHistory);
  assert.deepEqual([languages.size, languages.has("l199"), languages.has("l200")], [200, true, false]);
  const days = [0, 1, 2].map((ahead) => dayOf(Date.now() + ahead * day));
  const read = readHistory({ days: Object.fromEntries(days.map((name) => [name, { shown: 1 }])) });
  assert.deepEqual([...read.days.keys()], days.slice(0, 2));
});

test("a stored value of any other form is no history", () => {
  for (const value of [undefined, null, 5, "a", [], {}, { days: 5, languages: null }, { days: "ab" }]) {
    const { days, languages } = readHistory(value);
    assert.deepEqual([days.size, languages.size], [0, 0], JSON.stringify(value));
  }
  const { languages } = readHistory({ languages: { go: { shown: 1, accepted: "2" }, c: 7 } });
  assert.deepEqual([...languages], [["go", { shown: 1 }], ["c", {}]]); // prettier-ignore
});
