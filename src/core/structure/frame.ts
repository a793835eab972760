import { byteClassesOf } from "./byteClasses.js";
import type { Grammar, StringRule } from "./grammar.js";

/** The kinds of construct that the lexer can be inside of. */
export type FrameKind =
  /** The document itself: code, or text of a markup language. */
  | "root"
  /**
   * Code in brackets, backticks or an interpolation. With a rule: text that ends with a bracket, such as ${a} in a
   * shell.
   */
  | "bracket"
  /** Between a word that opens a block and its `end`, `fi`, `done` or the like. */
  | "block"
  | "string"
  | "comment"
  /** Between `<name` and `>`. */
  | "tag"
  /** Between a start tag and its end tag. */
  | "element"
  /** Text of another grammar, such as a script, a style sheet or PHP. */
  | "embedded";

export interface FrameOptions {
  readonly kind: FrameKind;
  /** The text that ends the construct. For a tag, its name; for the root, empty. */
  readonly closer: string;
  /** Indentation of the statement that opens the construct, in columns. */
  readonly indent: number;
  readonly grammar: Grammar;
  readonly rule?: StringRule;
}

/** No frame is nested deeper than this, so that hostile input cannot exhaust memory. */
const maxDepth = 1000;

/**
 * An open construct and, through `parent`, everything around it. Equal frames below the same root are the same object,
 * so two positions have the same constructs open if and only if their frames are the same reference.
 */
export class Frame {
  readonly kind: FrameKind;
  readonly closer: string;
  readonly indent: number;
  readonly grammar: Grammar;
  readonly rule: StringRule | undefined;
  readonly parent: Frame | undefined;
  readonly depth: number;
  /** What each byte may begin in code of this grammar (byteClasses.ts). */
  readonly classes: Uint8Array;
  /** The nearest frame of kind "embedded", this one included. */
  readonly embedded: Frame | undefined;
  /** The nearest frame that is a heredoc with `endsInterpolations`, this one included. */
  readonly heredoc: Frame | undefined;
  /** The frames inside this one by their closers. */
  readonly #inner = new Map<string, readonly Frame[]>();
  /** The last result of `inner`; most often the next one is the same. */
  #last: Frame | undefined;

  constructor({ kind, closer, indent, grammar, rule }: FrameOptions, parent?: Frame) {
    this.kind = kind;
    this.closer = closer;
    this.indent = indent;
    this.grammar = grammar;
    this.rule = rule;
    this.parent = parent;
    this.classes = byteClassesOf(grammar);
    this.embedded = kind === "embedded" ? this : parent?.embedded;
    this.heredoc = rule?.endsInterpolations === true ? this : parent?.heredoc;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  /** The frame with these options inside this one, or this frame itself at the maximum depth. */
  inner(options: FrameOptions): Frame {
    if (this.depth >= maxDepth) return this;
    const { kind, closer, indent, grammar, rule } = options;
    const last = this.#last;
    const isLast = last?.kind === kind && last.closer === closer && last.indent === indent && last.rule === rule;
    if (isLast && last.grammar === grammar) return last;
    const alike = this.#inner.get(closer) ?? [];
    const known = alike.find(
      (one) => one.kind === kind && one.indent === indent && one.grammar === grammar && isSameRule(one.rule, rule),
    );
    const frame = known ?? new Frame(options, this);
    if (known === undefined) this.#inner.set(closer, [...alike, frame]);
    this.#last = frame;
    return frame;
  }

  /** Selects the lexer of the text directly inside the frame. */
  get mode(): "code" | "text" | "tag" | "string" | "comment" {
    switch (this.kind) {
      case "string":
      case "comment":
      case "tag":
        return this.kind;
      case "bracket":
        return this.rule === undefined ? "code" : "string";
      case "element":
        return "text";
      case "root":
        return this.grammar.markup === "html" || this.grammar.markup === "xml" ? "text" : "code";
      default:
        return "code";
    }
  }
}

function isSameRule(a: StringRule | undefined, b: StringRule | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.escape !== b.escape || a.isMultiline !== b.isMultiline) return false;
  return a.interpolation === b.interpolation && a.innerQuotes === b.innerQuotes;
}

/** `frame` and the frames around it that are deeper than `outerDepth`, innermost first. */
export function framesInside(frame: Frame, outerDepth: number): Frame[] {
  const frames: Frame[] = [];
  for (let inner = frame; inner.depth > outerDepth && inner.parent !== undefined; inner = inner.parent) {
    frames.push(inner);
  }
  return frames;
}
