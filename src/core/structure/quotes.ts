// Quote matchers for the string syntaxes of programming languages.
import { isContinuationByte, isWordByte, latin1, wordBefore } from "./bytes.js";
import type { Grammar, QuoteMatcher, StringRule } from "./grammar.js";

export type QuoteOptions = Omit<StringRule, "closer" | "escape"> & { readonly escape?: StringRule["escape"] };

/** A string that opens and closes with the same quote. */
export function quoted(quote: string, options: QuoteOptions = { isMultiline: false }): QuoteMatcher {
  const opening = { length: quote.length, rule: { closer: quote, escape: "backslash" as const, ...options } };
  return () => opening;
}

/** Options of strings of several lines without escapes. */
export const withoutEscapes = { isMultiline: true, escape: "none" } as const;
/** Options of strings of several lines in which two quotes mean one. */
export const withQuotesDoubled = { isMultiline: true, escape: "doubled" } as const;
/** Options of strings of one line in which two quotes mean one. */
export const onLineWithQuotesDoubled = { isMultiline: false, escape: "doubled" } as const;

export const doubleQuoted = quoted('"');
export const singleQuoted = quoted("'");

/** Matchers keyed by the byte of their quote, as in `Grammar.quotes`. */
export function quotesOf(matchers: Readonly<Record<string, QuoteMatcher>>): Map<number, QuoteMatcher> {
  return new Map(Object.entries(matchers).map(([quote, matcher]) => [quote.charCodeAt(0), matcher]));
}

/** Three quotes open a multi-line string; one quote opens the string that `single` describes. */
export function tripled(quote: string, single: QuoteMatcher, options: Partial<QuoteOptions> = {}): QuoteMatcher {
  const triple = quoted(quote.repeat(3), { isMultiline: true, ...options });
  const code = quote.charCodeAt(0);
  return (bytes, at) => (bytes[at + 1] === code && bytes[at + 2] === code ? triple(bytes, at) : single(bytes, at));
}

/** A string that may also be tripled; both contain interpolations, which `interpolation` opens. */
export function withInterpolation(quote: string, interpolation: string): QuoteMatcher {
  return tripled(quote, quoted(quote, { isMultiline: false, interpolation }), { interpolation });
}

/** Uses `withPrefix` if the letters before the quote match `prefix`, and `plain` otherwise. */
export function byPrefix(prefix: RegExp, withPrefix: QuoteMatcher, plain: QuoteMatcher): QuoteMatcher {
  return (bytes, at) => (prefix.test(wordBefore(bytes, at)) ? withPrefix : plain)(bytes, at);
}

/**
 * A character literal: one character or escape between apostrophes. Other apostrophes (a lifetime, 1'000) open nothing.
 */
export const characterLiteral: QuoteMatcher = (bytes, at) => {
  if (isWordByte(bytes[at - 1] ?? 0) && !/^(L|u8?|U|b)$/.test(wordBefore(bytes, at))) return undefined;
  const first = bytes[at + 1] ?? 0;
  if (first === 0x5c) {
    const end = bytes.subarray(at + 3, at + 12).indexOf(0x27); // \u{10ffff} is the longest escape
    return end === -1 || bytes.subarray(at, at + 3 + end).includes(0x0a) ? undefined : quoted("'")(bytes, at);
  }
  let end = at + 2;
  while (isContinuationByte(bytes[end] ?? 0)) end++;
  return first !== 0x0a && bytes[end] === 0x27 ? quoted("'")(bytes, at) : undefined;
};

/** An apostrophe right after a letter or digit (don't, users') opens nothing; any other opens a string. */
export const apostropheOutsideWords: QuoteMatcher = (bytes, at) =>
  isWordByte(bytes[at - 1] ?? 0) ? undefined : quoted("'")(bytes, at);

/** Maximum length of a raw string's delimiter, in bytes. */
const maxDelimiter = 16;

/** Rust's r"…" and r#"…"#. Other double quotes open a multi-line string. */
export const rustQuote: QuoteMatcher = (bytes, at) => {
  let hashes = 0;
  while (hashes < maxDelimiter && bytes[at - 1 - hashes] === 0x23) hashes++;
  const isRaw = /(^|[^\w])b?r$/.test(wordBefore(bytes, at - hashes));
  if (!isRaw) return quoted('"', { isMultiline: true })(bytes, at);
  const rule = { closer: `"${"#".repeat(hashes)}`, escape: "none", isMultiline: true } as const;
  return { length: 1, rule };
};

/** C++'s R"delimiter(…)delimiter". Other double quotes open a single-line string. */
export const cppQuote: QuoteMatcher = (bytes, at) => {
  if (!wordBefore(bytes, at).endsWith("R")) return quoted('"')(bytes, at);
  let end = at + 1;
  while (end - at <= maxDelimiter && bytes[end] !== 0x28 && bytes[end] !== 0x0a && bytes[end] !== undefined) end++;
  if (bytes[end] !== 0x28) return quoted('"')(bytes, at);
  const delimiter = latin1(bytes, at + 1, end);
  return { length: end + 1 - at, rule: { closer: `)${delimiter}"`, escape: "none", isMultiline: true } };
};

/** Nix's ''…'', in which ''$, ''' and ''\ are escapes. Other apostrophes belong to names: foldl' */
export const nixQuote: QuoteMatcher = (bytes, at) => {
  if (bytes[at + 1] !== 0x27 || isWordByte(bytes[at - 1] ?? 0)) return undefined;
  return quoted("''", { isMultiline: true, escape: "none", interpolation: "${", literalBefore: "$'\\" })(bytes, at);
};

/**
 * Heredocs that begin with `opener`. Its second group is the word that ends the heredoc. If its first group matches a
 * quote, the heredoc is raw: without interpolations and escapes.
 */
export function heredocs(
  opener: RegExp,
  interpolation: string,
  options: Pick<StringRule, "endsInterpolations"> = {},
): Grammar["heredoc"] {
  return (line) => {
    const [, rawQuote = "", closer] = opener.exec(line) ?? [];
    if (closer === undefined) return undefined;
    const rule = { closer, isMultiline: true, isHeredoc: true, ...options } as const;
    return rawQuote === "" ? { ...rule, escape: "backslash", interpolation } : { ...rule, escape: "none" };
  };
}

/** Lua's [[…]] and [==[…]==]. Other brackets open no string. */
export const luaLongBracket: QuoteMatcher = (bytes, at) => {
  let end = at + 1;
  while (end - at <= maxDelimiter && bytes[end] === 0x3d) end++;
  if (bytes[end] !== 0x5b) return undefined;
  const closer = `]${"=".repeat(end - at - 1)}]`;
  return { length: end + 1 - at, rule: { closer, escape: "none", isMultiline: true } };
};
