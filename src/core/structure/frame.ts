import type { Grammar, StringRule } from "./grammar.js";

/** What the lexer is inside of. */
export type FrameKind =
  /** The document itself: code, or text in a markup language. */
  | "root"
  /** `(`, `[`, `{`, or what a string's hole opens. */
  | "bracket"
  /** From a word to its `end`, `fi`, `done`, … */
  | "block"
  | "string"
  | "comment"
  /** Between `<name` and `>`. */
  | "tag"
  /** Between a start tag and its end tag. */
  | "element"
  /** Text in another grammar: a script, a style sheet, PHP. */
  | "embedded";

export interface FrameOptions {
  readonly kind: FrameKind;
  /** The text that ends it; empty for the root. */
  readonly closer: string;
  /** Columns by which the statement that opens it is indented. */
  readonly indent: number;
  readonly grammar: Grammar;
  readonly rule?: StringRule;
}

/** No frames are made beyond this depth: hostile input must not exhaust memory. */
const maxDepth = 1000;

/**
 * One thing that is open, and what it is in. Equal frames are one object, so that comparing what is open at two places
 * is comparing two references.
 */
export class Frame {
  readonly kind: FrameKind;
  readonly closer: string;
  readonly indent: number;
  readonly grammar: Grammar;
  readonly rule: StringRule | undefined;
  readonly parent: Frame | undefined;
  readonly depth: number;
  /** The innermost embedded frame that it is, or is in. */
  readonly embedded: Frame | undefined;
  readonly #inner = new Map<string, Frame>();

  constructor({ kind, closer, indent, grammar, rule }: FrameOptions, parent?: Frame) {
    this.kind = kind;
    this.closer = closer;
    this.indent = indent;
    this.grammar = grammar;
    this.rule = rule;
    this.parent = parent;
    this.embedded = kind === "embedded" ? this : parent?.embedded;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  /** The frame inside this one; this one if it is too deep to hold another. */
  inner(options: FrameOptions): Frame {
    if (this.depth >= maxDepth) return this;
    const { kind, closer, indent, grammar, rule } = options;
    const key = `${kind} ${indent} ${grammar.name} ${rule?.escape ?? ""} ${rule?.isMultiline ?? ""} ${rule?.interpolation ?? ""} ${closer}`;
    const known = this.#inner.get(key);
    if (known !== undefined) return known;
    const made = new Frame(options, this);
    this.#inner.set(key, made);
    return made;
  }

  /** How its text is lexed. */
  get mode(): "code" | "text" | "tag" | "string" | "comment" {
    switch (this.kind) {
      case "string":
      case "comment":
      case "tag":
        return this.kind;
      case "element":
        return "text";
      case "root":
        return this.grammar.markup === "html" ? "text" : "code";
      default:
        return "code";
    }
  }
}

/** The frames inside the one at `outerDepth`, the innermost first. */
export function framesInside(frame: Frame, outerDepth: number): Frame[] {
  const frames: Frame[] = [];
  for (let one = frame; one.depth > outerDepth && one.parent !== undefined; one = one.parent) frames.push(one);
  return frames;
}
