// Measures the parts of a request that do not run the model: lexing the document after an edit, finding the insertion
// point, and applying the filters. It does so at random positions, also in files with a line of 1 MB.
import { applyFilters } from "../../src/core/filters/applyFilters.js";
import { pointAt } from "../../src/core/completion/pointAt.js";
import { quantile } from "../../src/core/statistics.js";
import { FakeModel } from "../../test/support/fakeModel.js";
import type { randomFrom } from "../../test/support/random.js";
import { openSession, testInference } from "../../test/support/testInference.js";
import type { Source } from "./sources.js";

const shownUnits = 40;
const longLineUnits = 1_000_000;
const placesPerFile = 4;
const placesPerLongLine = 20;

type Random = ReturnType<typeof randomFrom>;
/** CPU milliseconds: of the first request after the cursor has moved to another line, and of the next request there. */
type Times = Readonly<Record<"moved" | "typed", number[]>>;

/** @returns lines to print: the times for all files, and for one file of each language with an added line of 1 MB. */
export function requestTimes(sources: readonly Source[], random: Random): string[] {
  const oneOfEach = [...new Map(sources.map((source) => [source.language, source])).values()];
  const files: Times = { moved: [], typed: [] };
  for (const { path, text } of sources) {
    const lines = text.split("\n");
    addTimes(path, lines, { times: files, places: placesPerFile, lineOf: () => random.below(lines.length), random });
  }
  const long: Times = { moved: [], typed: [] };
  for (const { path, text } of oneOfEach) {
    const lines = withLongLine(text);
    const lineOf = (): number => (lines.length - 1) / 2;
    addTimes(path, lines, { times: long, places: placesPerLongLine, lineOf, random });
  }
  return [
    summary("CPU ms a request, on another line than before", files.moved),
    summary("on the same line", files.typed),
    summary("on a line of 1 MB, elsewhere than before", long.moved),
    summary("at the same place of it", long.typed),
  ];
}

/** The lines of a file twice, with a long line in between that repeats the whole text. */
function withLongLine(text: string): string[] {
  const line = `${text.replaceAll("\n", " ")} `;
  const lines = text.split("\n");
  return [...lines, line.repeat(Math.ceil(longLineUnits / line.length)), ...lines];
}

interface Requests {
  readonly times: Times;
  readonly places: number;
  readonly lineOf: () => number;
  readonly random: Random;
}

function addTimes(path: string, lines: string[], { times, places, lineOf, random }: Requests): void {
  const session = openSession(testInference(new FakeModel()), lines.join("\n"), { path });
  for (let i = 0; i < places; i++) {
    const line = lineOf();
    let at = random.below((lines[line]?.length ?? 0) + 1);
    for (const into of [times.moved, times.typed]) {
      const old = lines[line] ?? "";
      session.document.edit({ startLine: line, endLine: line + 1, text: `${old.slice(0, at)}a${old.slice(at)}\n` });
      const [own = ""] = session.document.lines(line, line + 1);
      lines[line] = own;
      const before = own.slice(0, ++at);
      const after = own.slice(at);
      const started = process.cpuUsage();
      const point = pointAt({ session, line, linePrefix: before, afterCursor: after });
      applyFilters(after.slice(0, shownUnits), point);
      const { user, system } = process.cpuUsage(started);
      into.push((user + system) / 1000);
    }
  }
}

function summary(name: string, times: readonly number[]): string {
  const at = (share: number): string => quantile(times, share).toFixed(2);
  return `${name}: p50 ${at(0.5)}, p95 ${at(0.95)} (${times.length} requests)`;
}
