import { lineAt } from "./bytes.js";
import type { Frame } from "./frame.js";

/**
 * A condition of the preprocessor that has begun, and those around it. Its branches are alternatives: each begins with
 * the frames that are open before the condition, and what is open after the first one is open after the condition.
 * Equal conditions are the same object.
 */
export class Condition {
  readonly outer: Condition | undefined;
  /** The frame before the condition. */
  readonly start: Frame;
  /** The frame after the condition, once a branch has decided it. */
  readonly result: Frame | undefined;
  /** True within `#if 0`, whose text is not compiled. */
  readonly isOff: boolean;
  readonly depth: number;
  readonly #inner: Condition[] = [];

  private constructor(
    outer: Condition | undefined,
    { start, result, isOff }: Pick<Condition, "start" | "result" | "isOff">,
  ) {
    this.outer = outer;
    this.start = start;
    this.result = result;
    this.isOff = isOff;
    this.depth = outer === undefined ? 1 : outer.depth + 1;
  }

  static in(outer: Condition | undefined, fields: Pick<Condition, "start" | "result" | "isOff">): Condition {
    const known = outer === undefined ? outermostAt(fields.start) : outer.#inner;
    const { start, result, isOff } = fields;
    const same = known.find((one) => one.start === start && one.result === result && one.isOff === isOff);
    if (same !== undefined) return same;
    const made = new Condition(outer, fields);
    known.push(made);
    return made;
  }
}

const outermost = new WeakMap<Frame, Condition[]>();

function outermostAt(start: Frame): Condition[] {
  const known = outermost.get(start) ?? [];
  outermost.set(start, known);
  return known;
}

/** Where a lexer is among the branches of conditions. */
export interface BranchState {
  readonly frame: Frame;
  readonly condition: Condition | undefined;
}

/** No condition is nested deeper than this, so that hostile input cannot exhaust memory. */
const maxDepth = 100;
const maxDirectiveBytes = 80;

/** The frame and the condition after the directive at byte offset `at`, if one is there. */
export function afterDirective(bytes: Uint8Array, at: number, { frame, condition }: BranchState): BranchState {
  const [, word, rest = ""] = /^#[ \t]*(if|elif|else|endif)(.*)/.exec(lineAt(bytes, at, at + maxDirectiveBytes)) ?? [];
  if (word === "if") {
    if (condition !== undefined && condition.depth >= maxDepth) return { frame, condition };
    const isOff = /^\s+(0|false)\s*($|\/)/.test(rest);
    return { frame, condition: Condition.in(condition, { start: frame, result: isOff ? frame : undefined, isOff }) };
  }
  if (word === undefined || condition === undefined) return { frame, condition };
  const { outer, start, result, isOff } = condition;
  if (word === "endif") return { frame: result ?? frame, condition: outer };
  const decided = isOff ? undefined : (result ?? frame);
  return { frame: start, condition: Condition.in(outer, { start, result: decided, isOff: false }) };
}

/** True if a lexer has gone from one branch of a condition to another, and is still there. */
export function isInOtherBranch(from: Condition | undefined, to: Condition | undefined): boolean {
  let [a, b] = [from, to];
  while (a !== undefined && b !== undefined && a.depth > b.depth) a = a.outer;
  while (a !== undefined && b !== undefined && b.depth > a.depth) b = b.outer;
  return a !== undefined && b !== undefined && a !== b;
}
