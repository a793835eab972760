import { folders, notebooks } from "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import test from "node:test";
import { statisticsHtml } from "../../src/extension/statistics/statisticsHtml.js";
import type { StatisticsFacts } from "../../src/extension/statistics/statisticsFacts.js";
import { historyOf, mergedHistory, noHistory } from "../../src/extension/usageHistory.js";
import { cellsOf, statisticsFacts } from "../support/statisticsFacts.js";

const page = (changed: Partial<StatisticsFacts> = {}): string => statisticsHtml(statisticsFacts(changed), "n");

/** The cells of each row of a section's table. */
function rowsOf(html: string, title: string): string[][] {
  const section = html.split("<section>").find((one) => one.includes(`<h2>${title}</h2>`)) ?? "";
  return cellsOf(section);
}

for (const title of [
  "Suggestions since October 1, 2026",
  "What requests of this session found",
  "What the model had read",
]) {
  test(`the rows add up to the total: ${title}`, () => {
    const rows = rowsOf(page(), title);
    const values = rows.map(([, value]) => Number(value!.replaceAll(",", "")));
    const total = values.pop();
    assert.ok(values.length >= 3 && total! > 0);
    assert.equal(
      values.reduce((sum, value) => sum + value, 0),
      total,
    );
  });
}

test("suggestions that were neither accepted, nor accepted in part, nor typed by hand were not accepted", () => {
  assert.deepEqual(rowsOf(page(), "Suggestions since October 1, 2026"), [
    ["Accepted in full", "90", "23%"],
    ["Accepted in part", "30", "8%"],
    ["Typed by hand to the end", "20", "5%"],
    ["Not accepted", "260", "65%"],
    ["Shown", "400", ""],
  ]);
});

test("acceptance is listed by language, with the languages' names", () => {
  const [head, ...languages] = rowsOf(page(), "Acceptance by language");
  assert.deepEqual(head, ["Language", "Shown", "Accepted", "Share"]);
  assert.deepEqual(languages.map(([name]) => name).sort(), ["TypeScript", "html", "python"]);
});

test("languages are listed from one suggestion on, the most used first, and at most fifteen", () => {
  const day = "2026-11-28";
  const historyWith = (...used: readonly (readonly [string, object])[]): StatisticsFacts["history"] =>
    used.map(([id, change]) => historyOf(change, day, id)).reduce(mergedHistory, noHistory);
  const history = historyWith(
    ["html", { shown: 1 }],
    ["python", { shown: 8, accepted: 2 }],
    ["css", { accepted: 1 }],
    ["go", {}],
  );
  assert.deepEqual(rowsOf(page({ history }), "Acceptance by language").slice(1), [
    ["python", "8", "2", "25%"],
    ["html", "1", "0", "0%"],
    ["css", "0", "1", "100%"],
  ]);
  const many = historyWith(...Array.from({ length: 20 }, (_, i) => [`l${i}`, { shown: 100 - i }] as const));
  const listed = rowsOf(page({ history: many }), "Acceptance by language").slice(1);
  assert.deepEqual([listed.length, listed[0]![0], listed.at(-1)![0]], [15, "l0", "l14"]);
});

test("documents have their path in the workspace, cells of a notebook also their number", (t) => {
  folders.push("/home/me/project");
  const cellUri = "vscode-notebook-cell:///home/me/project/src/sums.ipynb#W1sZmlsZQ==";
  const cell = (uri: string, index: number): object => ({ index, document: { uri } });
  notebooks.push({ getCells: () => [cell("vscode-notebook-cell:///other", 0), cell(cellUri, 1)] });
  t.after(() => {
    folders.length = 0;
    notebooks.length = 0;
  });
  const server = statisticsFacts().server!;
  const documents = ["file:///home/me/project/src/a.ts", cellUri, "file:///tmp/b.ts"].map((uri) => ({
    uri,
    tokens: 9,
    tokensRead: 7,
    checkpoints: 1,
  }));
  const names = rowsOf(page({ server: { ...server, documents } }), "Documents").map(([name]) => name);
  assert.deepEqual(names, ["src/a.ts", "src/sums.ipynb, cell 2", "/tmp/b.ts"]);
});

test("the plot has a bar for each of the last 28 days", () => {
  const html = page();
  assert.equal(html.match(/<rect class="shown"/g)?.length, 28);
  assert.match(html, /<title>2026-11-27: \d+ of \d+ accepted<\/title>/);
});

test("the saved characters and the suggestions of four weeks are summed up", () => {
  const html = page();
  assert.match(html, /<p>Characters saved: 2,345 \(21\.1% of all that were accepted or typed\)<\/p>/);
  const days = [...statisticsFacts().history.days.values()];
  const sum = (key: "shown" | "accepted" | "partlyAccepted"): number =>
    days.reduce((all, change) => all + (change[key] ?? 0), 0);
  const accepted = sum("accepted") + sum("partlyAccepted");
  const label = `In the last four weeks ${accepted} of ${sum("shown")} suggestions were accepted.`;
  assert.ok(html.includes(`<figcaption>${label}</figcaption>`));
  assert.match(html, /<div class="axis"><span>2026-11-01<\/span>.*<span>2026-11-28<\/span><\/div>/);
});

test("without any use, all numbers are 0 and no language is listed", () => {
  const { counts } = statisticsFacts();
  const unused = { ...counts, shown: 0, accepted: 0, partlyAccepted: 0, typedOut: 0 };
  const html = page({ counts: unused, history: noHistory, server: undefined, nothingShown: [] });
  const numbers = rowsOf(html, "Suggestions since October 1, 2026").map(([, count]) => count);
  assert.deepEqual(numbers, ["0", "0", "0", "0", "0"]);
  assert.deepEqual(rowsOf(html, "What requests of this session found"), [["A completion", "0", ""], ["Requests", "0", ""]]); // prettier-ignore
  assert.match(html, /<figcaption>In the last four weeks 0 of 0 suggestions were accepted\.<\/figcaption>/);
  assert.match(html, /<title>2026-11-28: 0 of 0 accepted<\/title>/);
  assert.doesNotMatch(html, /Acceptance by language|Documents/);
});

test("without any use and without a server the page says so and does not divide by zero", () => {
  const counts = { ...statisticsFacts().counts, shown: 0, accepted: 0, partlyAccepted: 0, typedOut: 0, charactersAccepted: 0, charactersTyped: 0 }; // prettier-ignore
  const html = page({ counts, history: noHistory, server: undefined, nothingShown: [] });
  assert.doesNotMatch(html, /NaN|Infinity|undefined/);
  assert.match(html, /The server is not running\./);
});

test("the page runs nothing, loads nothing, and shows names as text", () => {
  const html = page();
  assert.match(html, /default-src 'none'; style-src 'nonce-n'; base-uri 'none'; form-action 'none'/);
  assert.doesNotMatch(html, /<script|<b>|https?:|src=|style="/);
  assert.deepEqual([...html.matchAll(/href="([^"]*)"/g)].map(([, link]) => link), ["command:rwkvCode.showStatistics", "command:rwkvCode.resetStatistics"]); // prettier-ignore
});
