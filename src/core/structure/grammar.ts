/** How a string ends and what may stand in it. */
export interface StringRule {
  readonly closer: string;
  /** "backslash": the next byte is literal; "doubled": two closers are one plain one. */
  readonly escape: "backslash" | "doubled" | "none";
  readonly isMultiline: boolean;
  /** Opens an interpolation: code up to the matching bracket. */
  readonly interpolation?: string;
  /** Between square brackets the closer is plain. */
  readonly hasClasses?: boolean;
}

/** A string that opens at a quote. */
export interface Opening {
  /** Bytes of the quote. */
  readonly length: number;
  readonly rule: StringRule;
}

/** @returns the string that the quote at `at` opens; undefined if the quote is plain text. */
export type QuoteMatcher = (bytes: Uint8Array, at: number) => Opening | undefined;

/** What a word does to the block structure of a language that closes its blocks with words. */
export interface BlockWord {
  readonly does: "open" | "close";
  readonly closer: string;
  /** Counts only if a statement begins with it: `x if y` opens nothing. */
  readonly atStatement: boolean;
}

export interface Grammar {
  readonly name: string;
  readonly lineComments: readonly string[];
  /** A `#` in the middle of a word begins no comment. */
  readonly commentsNeedBlank: boolean;
  readonly blockComments: readonly (readonly [open: string, close: string])[];
  readonly nestedComments: boolean;
  /** By the byte that opens the string. */
  readonly quotes: ReadonlyMap<number, QuoteMatcher>;
  readonly hasRegularExpressions: boolean;
  /** A backslash makes the next byte literal in code as well. */
  readonly escapesInCode: boolean;
  readonly markup: "none" | "jsx" | "html";
  /** What leaves markup text for code; empty for none. */
  readonly textInterpolation: string;
  readonly blockWords: ReadonlyMap<string, BlockWord>;
  /** Words that begin a statement and cannot appear within brackets: an unclosed bracket ends before them. */
  readonly statementWords: ReadonlySet<string>;
  /** Elements without an end tag. */
  readonly voidElements: ReadonlySet<string>;
  /** Elements and markers whose content is in another grammar. */
  readonly embedded: ReadonlyMap<string, () => Grammar>;
  /** Allows a comma before a closing bracket. */
  readonly allowsTrailingComma: boolean;
  /** Blocks are told by their indentation alone. */
  readonly blocksByIndentation: boolean;
}

const none: Grammar = {
  name: "unknown",
  lineComments: [],
  commentsNeedBlank: false,
  blockComments: [],
  nestedComments: false,
  quotes: new Map(),
  hasRegularExpressions: false,
  escapesInCode: false,
  markup: "none",
  textInterpolation: "",
  blockWords: new Map(),
  statementWords: new Set(),
  voidElements: new Set(),
  embedded: new Map(),
  allowsTrailingComma: true,
  blocksByIndentation: false,
};

/** A grammar that differs from an unknown language in what is given. */
export function grammar(name: string, differences: Partial<Grammar>): Grammar {
  return { ...none, ...differences, name };
}
