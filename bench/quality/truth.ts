import { parseArgs } from "node:util";
import { applyFilters } from "../../src/core/filters/applyFilters.js";
import { InsertionPoint } from "../../src/core/structure/insertionPoint.js";
import { Lexer } from "../../src/core/structure/lexer.js";
import { randomFrom } from "../../test/support/random.js";
import { autoClosers } from "./autoClosing.js";
import { lineStates } from "./lineStates.js";
import { requestTimes } from "./requestTimes.js";
import { sampled, allSourcesIn, type Source } from "./sources.js";

const usage = "npm run quality:truth -- DIR… [--places N] [--files N] [--languages Go,HTML] [--seed N] [--examples N]";
/** Number of lines that the filters see, above the cursor and below it. */
const linesAround = 200;
const maxLinesBelow = 6;

/** The kinds of true texts that are checked. */
const kinds = ["rest of the line", "several lines", "empty line"] as const;
type Kind = (typeof kinds)[number];

interface Place {
  readonly source: Source;
  readonly lines: readonly string[];
  readonly states: ReturnType<typeof lineStates>;
  readonly line: number;
  readonly typed: string;
  readonly truth: string;
  /** Index of the first line below the true text. */
  readonly below: number;
}

/** Checks at random positions of real files whether the filters leave the file's own text unchanged. */
function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      places: { type: "string", default: "9000" },
      files: { type: "string", default: "60" },
      languages: { type: "string" },
      seed: { type: "string", default: "1" },
      examples: { type: "string", default: "0" },
    },
  });
  if (positionals.length === 0) throw new Error(`usage: ${usage}`);
  const random = randomFrom(Number(values.seed));
  const wanted = values.languages?.split(",");
  const all = positionals
    .flatMap((folder) => allSourcesIn(folder))
    .filter(({ language }) => wanted?.includes(language) ?? true);
  const sources = sampled(all, Number(values.files), random);
  const tally = new Map<string, { passed: number; asked: number; repeats: number; failures: string[] }>();
  const perLanguage = Math.ceil(Number(values.places) / new Set(sources.map(({ language }) => language)).size);
  for (const language of [...new Set(sources.map((one) => one.language))].sort()) {
    const own = sources.filter((source) => source.language === language);
    const each = Math.ceil(perLanguage / own.length);
    for (const place of own.flatMap((source) => placesIn(source, each, random))) {
      for (const group of [language, place.kind, "all"]) {
        const row = tally.get(group) ?? { passed: 0, asked: 0, repeats: 0, failures: [] };
        tally.set(group, row);
        row.asked++;
        const failure = failureAt(place);
        if (failure === undefined) row.passed++;
        else {
          const isRepeat = repeatsNeighbor(place);
          if (isRepeat) row.repeats++;
          if (group === language) row.failures.push(isRepeat ? `(repeats a line) ${failure}` : failure);
        }
      }
    }
  }
  for (const [group, { passed, asked, repeats, failures }] of tally) {
    const share = ((passed / asked) * 100).toFixed(2);
    const others = ((passed / (asked - repeats)) * 100).toFixed(2);
    console.log(
      `${group.padEnd(18)}${passed} of ${asked} pass: ${share} %; ${repeats} repeat a line, without: ${others} %`,
    );
    for (const failure of failures.slice(0, Number(values.examples))) console.log(`  ${failure}`);
  }
  for (const line of requestTimes(sources, random)) console.log(line);
}

function placesIn(
  source: Source,
  count: number,
  random: { below(limit: number): number },
): (Place & { readonly kind: Kind })[] {
  const lines = source.text.split("\n");
  const states = lineStates(source.path, lines, 0, lines.length);
  const places: (Place & { readonly kind: Kind })[] = [];
  for (let tries = 0; places.length < count && tries < count * 10; tries++) {
    const kind = kinds[random.below(kinds.length)] ?? "rest of the line";
    const line = random.below(lines.length);
    const text = lines[line] ?? "";
    const indent = text.length - text.trimStart().length;
    const at = kind === "empty line" ? indent : indent + random.below(Math.max(1, text.length - indent));
    if (text.trim().length < 3) continue;
    const below = kind === "several lines" ? blockEnd(states, lines, line, random.below(maxLinesBelow) + 1) : line + 1;
    if (below === undefined) continue;
    const truth = [text.slice(at), ...lines.slice(line + 1, below)].join("\n").trimEnd();
    if (truth !== "") places.push({ kind, source, lines, states, line, typed: text.slice(0, at), truth, below });
  }
  return places;
}

/**
 * Finds the longest block of 2 to `most + 1` lines that starts at `line`. At its end, the same frames must be open as
 * at its start, and none of them may have been closed in between.
 * @returns the line below the block; undefined if there is none.
 */
function blockEnd(states: Place["states"], lines: readonly string[], line: number, most: number): number | undefined {
  const { frame } = states[line]!; // one for each line
  if (frame.mode === "string" || frame.mode === "comment") return undefined;
  const end = Math.min(line + 1 + most, lines.length);
  let lowest = Infinity;
  const bytes = new TextEncoder().encode(lines.slice(line, end).join("\n"));
  const lexer = new Lexer(bytes, 0, states[line]!, { closed: ({ depth }) => void (lowest = Math.min(lowest, depth)) });
  let found: number | undefined;
  let at = 0;
  for (let below = line + 1; below <= end; below++) {
    at = bytes.indexOf(0x0a, at) + 1 || bytes.length;
    lexer.advance(at);
    if (lowest <= frame.depth) break;
    if (below > line + 1 && lexer.frame.depth === frame.depth && lines[below - 1]?.trim() !== "") found = below;
  }
  return found;
}

/**
 * @returns a description of the filters' result for the true text; undefined if the resulting file is the true one.
 */
function failureAt({ source, lines, states, line, typed, truth, below }: Place): string | undefined {
  const state = states[line]!; // one for each line
  const from = Math.max(0, line - linesAround);
  const afterCursor = autoClosers(typed + truth, typed.length, state);
  const point = new InsertionPoint({
    linePrefix: typed,
    afterCursor,
    above: lines.slice(from, line),
    below: lines.slice(below, below + linesAround),
    aboveState: states[from]!, // there is one for each line
    reachesEnd: below + linesAround >= lines.length,
  });
  const shown = applyFilters(truth, point);
  const { text, replaced } = typeof shown === "string" ? { text: "", replaced: 0 } : shown;
  const result = typed + text + afterCursor.slice(replaced);
  if (withoutLastBlanks(result) === withoutLastBlanks(typed + truth)) return undefined;
  const position = `${source.path}:${line + 1}:${typed.length + 1}`;
  return `${position} ${JSON.stringify(typed)}|${JSON.stringify(truth)} right ${afterCursor} -> ${JSON.stringify(shown)}`;
}

/** True if the true text repeats the line above or below, which the filters suppress on purpose. */
function repeatsNeighbor({ lines, line, typed, truth, below }: Place): boolean {
  const isVisible = (one: string): boolean => one.trim() !== "";
  const said = (typed + truth).split("\n").map((one) => one.trim().replace(/[,;]$/, ""));
  const around = [lines.slice(0, line).findLast(isVisible), lines.slice(below).find(isVisible)];
  const [above, next] = around.map((one) => one?.trim().replace(/[,;]$/, ""));
  return said[0] === above || said.includes(next ?? "\n");
}

function withoutLastBlanks(text: string): string {
  return text.replace(/[^\S\n]+$/gm, "");
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
