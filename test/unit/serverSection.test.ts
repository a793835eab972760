import "../support/vscodeStandIn.js";
import assert from "node:assert/strict";
import test from "node:test";
import { serverSection } from "../../src/extension/statistics/serverSection.js";
import { escaped, percent, rows } from "../../src/extension/statistics/statisticsMarkup.js";
import { cellsOf, statisticsFacts } from "../support/statisticsFacts.js";

const { server } = statisticsFacts();
const none = { shown: 0, exact: 0, converged: 0, stale: 0, window: 0, reused: 0 };

/** The cells of the server's section, row by row. */
const cells = (changed: object = {}): string[][] => cellsOf(serverSection({ ...server!, ...changed }));

test("the server's facts have units and at most one decimal", () => {
  assert.deepEqual(cells().slice(0, 4), [
    ["Model", "rwkv-code-11m-3, native, 1 thread"],
    ["Response time", "median 5 ms, 95% within 11.7 ms"],
    ["Checkpoints", "212 (96 MB of 256 MB)"],
    ["Memory", "148 MB"],
  ]);
  assert.deepEqual(cells({ memory: { rssBytes: 1.26 * 2 ** 20 } })[3], ["Memory", "1.3 MB"]);
  assert.deepEqual(cells({ model: "" })[0], ["Model", "none is loaded"]);
});

for (const kind of ["exact", "converged", "stale", "window"] as const) {
  test(`a response time is shown after one completion from ${kind} states`, () => {
    assert.deepEqual(cells({ requests: { ...none, [kind]: 1 } })[1], [
      "Response time",
      "median 5 ms, 95% within 11.7 ms",
    ]);
  });
}

test("without a computed completion there is no response time and no table of sources", () => {
  assert.deepEqual(cells({ requests: none, documents: [] }).slice(1), [
    ["Response time", "not measured yet"], ["Checkpoints", "212 (96 MB of 256 MB)"], ["Memory", "148 MB"],
  ]); // prettier-ignore
  assert.deepEqual(cells({ requests: { ...none, reused: 2 } })[1], ["Response time", "not measured yet"]);
});

test("sources and documents are counted", () => {
  assert.deepEqual(cells().slice(4), [
    ["The whole file above the cursor", "20", "57%"],
    ["Nearly the whole file", "4", "11%"],
    ["The file before an edit", "3", "9%"],
    ["A part of the file", "2", "6%"],
    ["The same as the previous completion, continued", "6", "17%"],
    ["Completions computed", "35", ""],
    ["src/&#60;b&#62;area&#60;/b&#62;.ts", "1,234 of 1,234 tokens read"],
  ]);
});

test("a server that does not run has no facts", () => {
  assert.equal(serverSection(undefined), "<section><h2>Server</h2><p>The server is not running.</p></section>");
});

test("cells are escaped, the first of each row is its heading, and columns may have headings", () => {
  const table = rows([["a", "<1>"], { total: ["b", "2"] }], ["A", "&"]);
  const head = '<thead><tr><th scope="col">A</th><th scope="col">&#38;</th></tr></thead>';
  const [first, second] = ['<th scope="row">a</th><td>&#60;1&#62;</td>', '<th scope="row">b</th><td>2</td>'];
  assert.equal(table, `<table>${head}<tbody><tr>${first}</tr><tr class="total">${second}</tr></tbody></table>`);
  assert.equal(rows([]), "<table><tbody></tbody></table>");
  assert.equal(escaped(`<a b="c" d='&'>`), "&#60;a b=&#34;c&#34; d=&#39;&#38;&#39;&#62;");
  assert.deepEqual(
    [percent(0, 0), percent(1, 0), percent(0, 3), percent(1, 3), percent(3, 3)],
    ["", "", "0%", "33%", "100%"],
  );
});
