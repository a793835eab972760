import { lineAt } from "./bytes.js";
import type { Frame } from "./frame.js";

/**
 * A preprocessor condition that has begun and not ended. Its branches are alternatives: each begins with the frames
 * that were open before the condition. The frames that the first branch leaves open stay open after the condition.
 * Equal conditions are the same object.
 */
export class Condition {
  readonly outer: Condition | undefined;
  /** The frame before the condition. */
  readonly start: Frame;
  /** The frame after the condition, if the branches so far determine it. */
  readonly result: Frame | undefined;
  /** True within `#if 0`, whose text is not compiled. */
  readonly isOff: boolean;
  /** The number of the branch, from 0. */
  readonly branch: number;
  readonly depth: number;
  readonly #inner: Condition[] = [];

  private constructor(outer: Condition | undefined, { start, result, isOff, branch }: ConditionFields) {
    this.outer = outer;
    this.start = start;
    this.result = result;
    this.isOff = isOff;
    this.branch = branch;
    this.depth = outer === undefined ? 1 : outer.depth + 1;
  }

  static in(outer: Condition | undefined, fields: ConditionFields): Condition {
    const known = outer === undefined ? outermostAt(fields.start) : outer.#inner;
    const { start, result, isOff, branch } = fields;
    const same = known.find(
      (one) => one.start === start && one.result === result && one.isOff === isOff && one.branch === branch,
    );
    if (same !== undefined) return same;
    const made = new Condition(outer, fields);
    known.push(made);
    return made;
  }
}

type ConditionFields = Pick<Condition, "start" | "result" | "isOff" | "branch">;

const outermost = new WeakMap<Frame, Condition[]>();

function outermostAt(start: Frame): Condition[] {
  const known = outermost.get(start) ?? [];
  outermost.set(start, known);
  return known;
}

/** The frame that a lexer is in, and its position among the branches of conditions. */
export interface BranchState {
  readonly frame: Frame;
  readonly condition: Condition | undefined;
}

/** No condition is nested deeper than this, so that hostile input cannot exhaust memory. */
const maxDepth = 100;
/** All branches from this number on count as the same. */
const maxBranch = 100;
const maxDirectiveBytes = 80;

/** The frame and the condition after the directive at byte offset `at`. They are unchanged if no directive is there. */
export function afterDirective(bytes: Uint8Array, at: number, { frame, condition }: BranchState): BranchState {
  const { word, rest = "" } = conditionDirective(lineAt(bytes, at, at + maxDirectiveBytes)) ?? {};
  if (word === "if") {
    if (condition !== undefined && condition.depth >= maxDepth) return { frame, condition };
    const isOff = /^\s+(0|false)\s*($|\/)/.test(rest);
    const result = isOff ? frame : undefined;
    return { frame, condition: Condition.in(condition, { start: frame, result, isOff, branch: 0 }) };
  }
  if (word === undefined || condition === undefined) return { frame, condition };
  const { outer, start, result, isOff, branch } = condition;
  if (word === "endif") return { frame: result ?? frame, condition: outer };
  const decided = isOff ? undefined : (result ?? frame);
  const next = Math.min(branch + 1, maxBranch);
  return { frame: start, condition: Condition.in(outer, { start, result: decided, isOff: false, branch: next }) };
}

export interface ConditionDirective {
  /** `#ifdef` and `#ifndef` count as "if", and the variants of `#elif` as "elif". */
  readonly word: "if" | "elif" | "else" | "endif";
  /** The text after the word. */
  readonly rest: string;
}

/** The directive of a condition on a line; undefined if the line is something else. */
export function conditionDirective(line: string): ConditionDirective | undefined {
  const [, word, rest = ""] = directive.exec(line) ?? [];
  if (word === undefined) return undefined;
  if (word.startsWith("if")) return { word: "if", rest };
  return { word: word === "else" || word === "endif" ? word : "elif", rest };
}

const directive = /^\s*#\s*(if|ifn?def|elif|elifn?def|elseif|else|endif)\b(.*)/;

/** True if `to` is no longer within the branch of a condition that `from` is in. */
export function isInOtherBranch(from: Condition | undefined, to: Condition | undefined): boolean {
  return from !== undefined && withDepthOf(from, to) !== from;
}

/** `condition`, or the innermost condition around it that is no deeper than `other`. */
export function withDepthOf(other: Condition | undefined, condition: Condition | undefined): Condition | undefined {
  let found = condition;
  while (found !== undefined && found.depth > (other?.depth ?? 0)) found = found.outer;
  return found;
}
