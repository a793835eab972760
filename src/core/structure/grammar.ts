/** How a string ends and what it may contain. */
export interface StringRule {
  readonly closer: string;
  /** "backslash", "backtick": the next byte is literal. "doubled": two closers mean a literal one. */
  readonly escape: "backslash" | "backtick" | "doubled" | "none";
  readonly isMultiline: boolean;
  /** If one of these characters follows the closer, both are literal. */
  readonly literalBefore?: string;
  /** The text that opens an interpolation: code up to the matching bracket. */
  readonly interpolation?: string;
  /** The closer is literal between square brackets, as in a regular expression. */
  readonly hasClasses?: boolean;
  /** The quotes that open a string within this text: in a shell, "${a:-"b"}" is one string. */
  readonly innerQuotes?: string;
  /** The closer counts only as the first word of a line. */
  readonly isHeredoc?: boolean;
  /** A heredoc ends at its closing word even within an interpolation, because the shell looks for the end first. */
  readonly endsInterpolations?: boolean;
}

/** A string that opens at a quote. */
export interface Opening {
  /** Length of the opening quote in bytes. */
  readonly length: number;
  readonly rule: StringRule;
}

/** @returns the string that the quote at byte offset `at` opens, or undefined if the quote opens none. */
export type QuoteMatcher = (bytes: Uint8Array, at: number) => Opening | undefined;

/** How a word affects the block structure of a language that closes its blocks with words. */
export interface BlockWord {
  readonly does: "open" | "close";
  readonly closer: string;
  /** Counts only at the start of a statement: `x if y` opens nothing. */
  readonly atStatement: boolean;
  /** The word opens nothing if this matches from the word to the end of its line. */
  readonly unlessFollowedBy?: RegExp;
  /** The word opens nothing if this matches from the line's first token to the word. */
  readonly unlessLineBegins?: RegExp;
}

export interface Grammar {
  readonly lineComments: readonly string[];
  /** A line comment needs whitespace or a semicolon before it: the `#` in `a#b` starts none. */
  readonly commentsNeedBlank: boolean;
  /** Matches a whole line that is a comment because of its beginning; undefined if the language has no such lines. */
  readonly commentLine: RegExp | undefined;
  /** If `unlessBefore` follows the opener, it opens no comment. */
  readonly blockComments: readonly (readonly [open: string, close: string, unlessBefore?: string])[];
  /** The closers of the block comments that can be nested. */
  readonly nestedComments: readonly string[];
  /** Keyed by the byte that opens the string. */
  readonly quotes: ReadonlyMap<number, QuoteMatcher>;
  /**
   * Returns the heredoc that a `<` announces, whose text begins on the next line; undefined if it announces none.
   * `line` is the rest of the line, starting with the `<`.
   */
  readonly heredoc: (line: string) => StringRule | undefined;
  /** The closers of calls may follow the word that begins a heredoc, on the same line. */
  readonly continuesAfterHeredoc: boolean;
  readonly hasRegularExpressions: boolean;
  /** The text between two backticks is code: it has quotes, comments and brackets of its own. */
  readonly backticksHoldCode: boolean;
  /** Strings may contain parameter expansions, as in a shell: ${a:-b}. */
  readonly expandsParameters: boolean;
  /** The opener of interpolations, if it cannot occur in code; empty otherwise. */
  readonly interpolationOnly: string;
  /** The character that makes the next byte literal in code; empty if there is none. */
  readonly codeEscape: string;
  /**
   * Closers of brackets that are also punctuation of sentences. They need no opener, and their opener needs no closer
   * unless it ends its line.
   */
  readonly sentenceClosers: string;
  /**
   * In "html", names are case-insensitive, and the end tags of some elements are optional; in "xml" neither is true.
   */
  readonly markup: "none" | "jsx" | "html" | "xml";
  /** The text that opens code within markup text; empty if there is none. */
  readonly textInterpolation: string;
  readonly blockWords: ReadonlyMap<string, BlockWord>;
  /** Matches the end of a line's code so far if a statement may begin after it on the same line. */
  readonly beforeStatement: RegExp;
  /**
   * Matches a line that begins a middle part of a block and is indented as much as the block's opener. Only used with
   * block words.
   */
  readonly middleOfBlock: RegExp;
  /** Matches a line that may be indented less than its block: a label, a directive, a comment, a middle part. */
  readonly mayDedent: RegExp;
  /** Matches a line that opens a container whose content need not be indented, such as a namespace. */
  readonly containers: RegExp;
  /** The content of containers is usually not indented. */
  readonly hasFlatContainers: boolean;
  /** Matches a line that need not be indented more than its block's opener, such as a label or a comment. */
  readonly labels: RegExp;
  /** Matches the start of a branch that continues a statement; group 1 is its word. */
  readonly branch: RegExp;
  /** Matches the beginning of a decorator or attribute, which belongs to the declaration below it. */
  readonly decorator: RegExp;
  /**
   * Words that start a statement and cannot appear within brackets: a bracket still open at such a word was left open.
   */
  readonly statementWords: ReadonlySet<string>;
  /** Words that continue the statement above if they start a line: `throws E` below a method's parameters. */
  readonly continuationWords: ReadonlySet<string>;
  /**
   * Punctuation that continues the statement above if it starts a line indented more than that statement, such as the
   * `:` before a C++ constructor's initializers.
   */
  readonly continuationSigns: readonly string[];
  /**
   * Outside parentheses, a line that ends with one of these continues on the next line if that is indented more, for
   * example a Go condition that ends with `&&`.
   */
  readonly unfinishedEnds: readonly string[];
  /** Matches a line whose indentation does not show its block: a directive, the label of a `goto`, `public:`. */
  readonly outdented: RegExp;
  /** A preprocessor has conditions: `#if` to `#endif`. */
  readonly hasDirectives: boolean;
  /** Calls may end with a block: `VStack(a) {`. */
  readonly hasTrailingBlocks: boolean;
  /** The cases of a switch are indented as much as the switch. */
  readonly hasFlatCases: boolean;
  /** A list may be indented as much as its key. */
  readonly hasFlatLists: boolean;
  /** Names of the elements that have no end tag. */
  readonly voidElements: ReadonlySet<string>;
  /** Elements, processing instructions and interpolations whose content has another grammar. */
  readonly embedded: ReadonlyMap<string, () => Grammar>;
  /** Allows a comma before a closing bracket. */
  readonly allowsTrailingComma: boolean;
  /** All brackets hold items that commas separate. */
  readonly holdsItemsOnly: boolean;
  /** Indentation alone delimits blocks. */
  readonly blocksByIndentation: boolean;
  /** For each word that begins a branch: the statements, or other branches, that it may follow at the same depth. */
  readonly branchOwners: ReadonlyMap<string, RegExp>;
  /** A line that begins with a statement, such as `return`, shows that the arguments above it were left open. */
  readonly statementsEndArguments: boolean;
  /** Two lines with the same words may be the prototype of a function and the head of its definition. */
  readonly hasPrototypes: boolean;
  /** A line of closers only shows that a multi-line double-quoted string above was left open. */
  readonly closersEndStrings: boolean;
  /** A `{` on a line of its own may begin a body even if the line above, such as a where clause, ends with a comma. */
  readonly bodiesFollowCommas: boolean;
  /** In text with a `$`, which marks macro variables, parentheses may contain statements. */
  readonly hasMacros: boolean;
  /** A text's last semicolon is dropped if a `}` follows the cursor, because that may be the end of an object. */
  readonly dropsSemicolonBeforeBrace: boolean;
  /** A `url(…)` may contain an unquoted URL, in which `//` begins no comment. */
  readonly hasUnquotedUrls: boolean;
  /** A single space may end a column, because the usual formatter aligns columns, as gofmt does. */
  readonly alignsColumns: boolean;
  /** Lines may be sentences, so that a `{` at the end of one opens no block. */
  readonly isProse: boolean;
}

const defaults: Grammar = {
  lineComments: [],
  commentsNeedBlank: false,
  commentLine: undefined,
  blockComments: [],
  nestedComments: [],
  quotes: new Map(),
  heredoc: () => undefined,
  continuesAfterHeredoc: false,
  hasRegularExpressions: false,
  backticksHoldCode: false,
  expandsParameters: false,
  interpolationOnly: "",
  codeEscape: "",
  sentenceClosers: "",
  markup: "none",
  textInterpolation: "",
  blockWords: new Map(),
  beforeStatement: /(^|[;&({=]|(^|[\s;&|])!|\|\||\b(then|do|else|begin|in))$/,
  middleOfBlock: /^\s*(then|do|else|elif|elsif|elseif|rescue|ensure|when)\b/,
  mayDedent:
    /^\s*(#|\/[/*]|\*|--|<|case\b|when\b|default\b|else\b|elif\b|elsif\b|rescue\b|ensure\b|then\b|do\b|esac\b|\w+\s*:\s*(\/[/*]|$))/,
  containers: /^\s*(export\s+)?(namespace|extern|module)\b/,
  hasFlatContainers: false,
  labels:
    /^\s*([#@]|[|&?.:+=]|\/[/*]|\*|--|<!--|case\b|default\b|namespace\b|extern\b|class\b|(public|private|protected|\w+):)/,
  branch: /^[\s})\]]*(else|catch|finally|except|while)\b/,
  decorator: /(?!)/,
  statementWords: new Set(),
  continuationWords: new Set(),
  continuationSigns: [],
  unfinishedEnds: [],
  outdented: /(?!)/,
  hasDirectives: false,
  hasTrailingBlocks: false,
  hasFlatCases: false,
  hasFlatLists: false,
  voidElements: new Set(),
  embedded: new Map(),
  allowsTrailingComma: true,
  holdsItemsOnly: false,
  blocksByIndentation: false,
  branchOwners: new Map(),
  statementsEndArguments: false,
  hasPrototypes: false,
  closersEndStrings: false,
  bodiesFollowCommas: false,
  hasMacros: false,
  dropsSemicolonBeforeBrace: false,
  hasUnquotedUrls: false,
  alignsColumns: false,
  isProse: false,
};

/** True if a line begins with punctuation that continues the statement above it. `::` begins a name in C++. */
export function beginsContinued(line: string, { continuationSigns }: Grammar): boolean {
  return continuationSigns.some((sign) => line.startsWith(sign)) && !line.startsWith("::");
}

/** A grammar with the given properties, and the defaults for all others. */
export function grammar(differences: Partial<Grammar>): Grammar {
  return { ...defaults, ...differences };
}
