import assert from "node:assert/strict";
import test from "node:test";
import { acceptedOf, usagePlot, type PlottedDay } from "../../src/extension/statistics/usagePlot.js";

const day = (shown: number, accepted: number): PlottedDay => ({ label: `${shown}, ${accepted}`, shown, accepted });
const plot = (...days: readonly PlottedDay[]): string => usagePlot(days, "<uses>", (text) => text.replace("<", "&lt;"));

/** All bars, each as "kind x y width height". */
function bars(svg: string): string[] {
  const pattern = /<rect class="(\w+)" x="([-\d.]+)" y="([-\d.]+)" width="([-\d.]+)" height="([-\d.]+)"\/>/g;
  return [...svg.matchAll(pattern)].map(([, ...parts]) => parts.join(" "));
}

test("the days share a width of 560 with gaps of 4, and the longest bar is 96 high", () => {
  assert.deepEqual(bars(plot(day(10, 5), day(4, 1))), [
    "shown 2.0 0.0 276.0 96.0", "accepted 2.0 48.0 276.0 48.0",
    "shown 282.0 57.6 276.0 38.4", "accepted 282.0 86.4 276.0 9.6",
  ]); // prettier-ignore
});

test("a bar is at least 1 high unless its value is 0", () => {
  assert.deepEqual(bars(plot(day(1000, 1), day(0, 0))), [
    "shown 2.0 0.0 276.0 96.0", "accepted 2.0 95.0 276.0 1.0",
    "shown 282.0 96.0 276.0 0.0", "accepted 282.0 96.0 276.0 0.0",
  ]); // prettier-ignore
});

test("a suggestion can be accepted on a later day than it was shown", () => {
  assert.deepEqual(bars(plot(day(1, 2))), ["shown 2.0 48.0 556.0 48.0", "accepted 2.0 0.0 556.0 96.0"]);
});

test("a single use is not stretched, and days without any use have no bars", () => {
  assert.deepEqual(bars(plot(day(1, 0)))[0], "shown 2.0 0.0 556.0 96.0");
  assert.deepEqual(bars(plot(day(0, 0))), ["shown 2.0 96.0 556.0 0.0", "accepted 2.0 96.0 556.0 0.0"]);
  assert.deepEqual(bars(plot()), []);
});

test("the base line is below the bars, and texts are escaped", () => {
  const svg = plot({ ...day(1, 0), label: "<day>" });
  assert.match(svg, /^<svg role="img" aria-label="&lt;uses>" viewBox="0 0 560 97" /);
  assert.match(svg, /<title>&lt;day><\/title>/);
  assert.match(svg, /<line x1="0" x2="560" y1="96.5" y2="96.5"\/><\/svg>$/);
});

test("suggestions that were accepted in part count as accepted", () => {
  assert.deepEqual(
    [acceptedOf({}), acceptedOf({ accepted: 2 }), acceptedOf({ accepted: 2, partlyAccepted: 3 })],
    [0, 2, 5],
  );
});
