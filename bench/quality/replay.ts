import { ReplyTokenCache } from "../../src/core/chat/replyTokenCache.js";
import { CompletionEngine } from "../../src/core/engine/completionEngine.js";
import { firstOf } from "../../src/core/engine/engineOptions.js";
import { leavesOpen } from "../../src/core/decoding/expectedCorrectness.js";
import type { WorkspaceIndex } from "../../src/core/workspace/workspaceIndex.js";
import { type Model } from "../../src/core/model.js";
import { CheckpointStore } from "../../src/core/states/checkpointStore.js";
import { CompletionCounter } from "../../src/core/statistics.js";
import { autoClosers } from "./autoClosing.js";
import { damageOf, type Damage, type Gap } from "./balance.js";
import { lineStates } from "./lineStates.js";
import type { Source } from "./sources.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

/** The part of a file that the simulated user types. The rest of the file exists from the start. */
export interface Stretch {
  readonly source: Source;
  /** Lines [from, to). */
  readonly from: number;
  readonly to: number;
}

export interface ReplayOptions {
  /** Number of lines above the stretch that the document contains; Infinity for all. */
  readonly linesAbove: number;
  /** Minimum expected correctness of a completion. */
  readonly threshold: number;
  /** Decides whether the user also pauses at a position within a word or punctuation. */
  readonly pausesAt: (line: number, at: number) => boolean;
  /** Other files that are open. */
  readonly neighbors: readonly Source[];
  /** Index of the file's workspace; undefined to use none. */
  readonly workspace?: WorkspaceIndex | undefined;
  /** Whether the editor inserts the closers of typed brackets and quotes, so that closers follow the cursor. */
  readonly autoCloses?: boolean;
}

/** The result of one pause. */
export interface Pause {
  readonly language: string;
  /** The cursor's line in the file, counted from 0. */
  readonly depth: number;
  /** The cursor's offset in the line, in UTF-16 code units. */
  readonly at: number;
  /** The text that is shown, or "". */
  readonly text: string;
  readonly shown: boolean;
  /** Whether the first line shown equals the next text in the file. */
  readonly isRight: boolean;
  /** Whether the first line shown is right and completes the whole line. */
  readonly isWholeLine: boolean;
  /** Whether the shown text has several lines, and whether all of them equal the file's lines. */
  readonly hasLines: boolean;
  readonly areLinesRight: boolean;
  /** Whether the text ends within a line, either with a bracket open or after an operator. */
  readonly endsInConstruct: boolean;
  /** Length of the first line shown, in UTF-16 code units. */
  readonly shownUnits: number;
  readonly acceptedUnits: number;
  readonly wrongUnits: number;
  /** Similarity from 0 to 1 between the first line shown and what remains of the true line. */
  readonly similarity: number;
  readonly repeatsNextLine: boolean;
  /** Whether the first line shown leaves different brackets open than the file's line does. */
  readonly isUnbalanced: boolean;
  /** The damage to the file if the whole text were accepted. */
  readonly damage: Damage | undefined;
  readonly ms: number;
}

export interface Replayed {
  readonly pauses: readonly Pause[];
  /** Length of the typed text without its indentation, in UTF-16 code units. */
  readonly units: number;
}

/**
 * Types the stretch with the completion engine that the server uses. Accepts as much of each completion as is right.
 */
export async function replay(model: Model, stretch: Stretch, options: ReplayOptions): Promise<Replayed> {
  const { source, from, to } = stretch;
  const lines = source.text.split("\n");
  const first = Math.max(0, from - options.linesAbove);
  const typist = new SimulatedUser(model, source, {
    above: lines.slice(first, from),
    below: lines.slice(to),
    threshold: options.threshold,
    neighbors: options.neighbors,
    workspace: options.workspace,
  });
  const pauses: Pause[] = [];
  let units = 0;
  const states = lineStates(source.path, lines, from, to);
  for (let line = from; line < to; line++) {
    const text = lines[line] ?? "";
    let at = /^\s*/.exec(text)?.[0].length ?? 0;
    units += text.length - at;
    let isStart = true;
    while (at < text.length) {
      if (isStart || isWordEnd(text, at) || options.pausesAt(line, at)) {
        const state = states[line - from]!; // there is one for each line
        const closers = options.autoCloses === true ? autoClosers(text, at, state) : "";
        const completion = await typist.complete(text.slice(0, at), closers);
        if (!completion.isReused) {
          const pause = judged(completion, {
            remaining: text.slice(at),
            next: lines[line + 1] ?? "",
            language: source.language,
            depth: line,
            at,
            gap: { lines, line, at, belowFrom: to, state, closers },
          });
          pauses.push(pause);
          at += pause.acceptedUnits;
          if (pause.acceptedUnits > 0) continue;
        }
      }
      isStart = false;
      at++;
    }
    typist.endLine(text);
  }
  await typist.dispose();
  return { pauses, units };
}

interface ReplayCompletion {
  readonly text: string;
  /** Number of UTF-16 code units after the cursor that the text replaces. */
  readonly replaced: number;
  readonly isReused: boolean;
  readonly ms: number;
}

function judged(
  { text, replaced, ms }: ReplayCompletion,
  {
    remaining,
    next,
    gap,
    ...place
  }: { remaining: string; next: string; gap: Gap } & Pick<Pause, "language" | "depth" | "at">,
): Pause {
  const [shownLine = ""] = text.split("\n");
  const agreed = commonUnits(shownLine, remaining);
  const isRight = shownLine !== "" && agreed === shownLine.length;
  const acceptedUnits = isRight ? agreed : atBoundary(shownLine, agreed);
  const isWholeLine = isRight && shownLine.trimEnd() === remaining.trimEnd();
  const further = text.split("\n").slice(1);
  const firstWrong = further.findIndex((one, i) => one !== gap.lines[gap.line + 1 + i]);
  const rightLines = !isWholeLine ? [] : further.slice(0, firstWrong < 0 ? further.length : firstWrong);
  return {
    ...place,
    text,
    shown: text !== "",
    isRight,
    isWholeLine,
    hasLines: further.length > 0,
    areLinesRight: further.length > 0 && rightLines.length === further.length,
    endsInConstruct: !isWholeLine && (leavesOpen(shownLine) || /[-+*/%=<>&|^!?:,.~@\\]$/.test(shownLine)),
    shownUnits: shownLine.length,
    acceptedUnits,
    wrongUnits: text.length - acceptedUnits - rightLines.reduce((sum, line) => sum + line.length + 1, 0),
    similarity: shownLine === "" ? 0 : similarityOf(shownLine, remaining),
    repeatsNextLine: next.trim().length >= 3 && text !== "" && shownLine.trim() === next.trim() && !isRight,
    isUnbalanced: text !== "" && openBrackets(shownLine) !== openBrackets(remaining),
    damage: text === "" ? undefined : damageOf(gap, text, replaced),
    ms,
  };
}

/** For each kind of bracket, the number of openers in a line minus the number of closers. */
function openBrackets(line: string): string {
  return ["()", "[]", "{}"].map(([open, close]) => line.split(open!).length - line.split(close!).length).join();
}

/** How much of a partly right line the user accepts: its right words, if they have at least three characters in all. */
function atBoundary(shown: string, agreed: number): number {
  let end = agreed;
  while (end > 0 && /\w/.test(shown.charAt(end - 1)) && /\w/.test(shown.charAt(end))) end--;
  return shown.slice(0, end).trim().length >= 3 ? end : 0;
}

function commonUnits(a: string, b: string): number {
  let common = 0;
  while (common < a.length && common < b.length && a[common] === b[common]) common++;
  return common;
}

/** 1 minus the edit distance divided by the length of the longer text. */
function similarityOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return 1 - (row[b.length] ?? 0) / Math.max(a.length, b.length, 1);
}

function isWordEnd(text: string, at: number): boolean {
  return /\w/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at));
}

interface Surroundings {
  readonly above: readonly string[];
  readonly below: readonly string[];
  readonly threshold: number;
  readonly neighbors: readonly Source[];
  readonly workspace: WorkspaceIndex | undefined;
}

class SimulatedUser {
  readonly #engine: CompletionEngine;
  readonly #counter = new CompletionCounter();
  readonly #uri: string;
  #line: number;

  constructor(model: Model, source: Source, { above, below, threshold, neighbors, workspace }: Surroundings) {
    const limits = { timeBudgetMs: Infinity, maxTokens: 48, threshold };
    this.#engine = new CompletionEngine({
      model,
      store: new CheckpointStore(128 * (1 + neighbors.length) * model.stateBytes),
      replyTokens: new ReplyTokenCache(),
      limits: () => limits,
      counter: this.#counter,
    });
    this.#engine.workspace = workspace;
    // The engine searches the most recently used document first, so the caller's first neighbor is opened last.
    for (const neighbor of neighbors.toReversed()) this.#open(neighbor, neighbor.text);
    this.#uri = this.#open(source, [...above, "", ...below].join("\n"));
    this.#line = above.length;
  }

  async complete(linePrefix: string, closers: string): Promise<ReplayCompletion> {
    this.#setLine(linePrefix + closers);
    const { reused } = this.#counter.counts;
    const start = performance.now();
    const request = {
      uri: this.#uri,
      line: this.#line,
      rawLine: linePrefix + closers,
      character: linePrefix.length,
    };
    const options = { trigger: "automatic", prefixMode: "full" } as const;
    const completion = firstOf(await this.#engine.complete(request, options, neverCancelled));
    const text = completion?.text ?? "";
    const replaced = completion === undefined ? 0 : completion.end - linePrefix.length;
    return { text, replaced, isReused: this.#counter.counts.reused > reused, ms: performance.now() - start };
  }

  endLine(text: string): void {
    this.#setLine(`${text}\n`);
    this.#line++;
  }

  dispose(): Promise<void> {
    return this.#engine.dispose();
  }

  /** Opens a file with the cursor in the middle, because the user's last position in a neighbor is unknown. */
  #open({ path, headerPath }: Source, text: string): string {
    const uri = `file://${path}`;
    this.#engine.documents.open({ uri, headerPath }, text);
    const lines = text.split("\n");
    const startLine = Math.floor((lines.length - 1) / 2);
    const isLast = startLine + 1 === lines.length;
    const own = (lines[startLine] ?? "") + (isLast ? "" : "\n");
    this.#engine.documents.edit(uri, { startLine, endLine: startLine + 1, text: own });
    return uri;
  }

  #setLine(text: string): void {
    const line = this.#line;
    const isLast = line + 1 === this.#engine.documents.lineCount(this.#uri);
    const own = text + (isLast ? "" : "\n");
    this.#engine.documents.edit(this.#uri, { startLine: line, endLine: line + 1, text: own });
  }
}
