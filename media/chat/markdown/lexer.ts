import { keepTabs } from "./keptTabs.js";
import { formulaAsWritten, formulaStart } from "./math.js";
import { markdownFence } from "./nestedFence.js";
import { Lexer, Tokenizer, type MarkedToken, type Token, type TokenizerExtensionFunction, type Tokens } from "marked";

/**
 * marked's lexer with bounds, because a model's text may be nested to any depth. Inline content is lexed separately and
 * only when its block is shown. Reference links stay as written, so that a block never depends on what follows it.
 */

/** Maximum depth of nested quotes and lists, and of nested emphasis and links. */
const maxDepth = 10;
/** Longer text is lexed in parts, because the time to find the ends of emphasis grows with the square of the length. */
const maxInlineCharacters = 5_000;

const cjkPunctuation = /[\u3000-\u303f\uff00-\uff65]/;

class BoundedTokenizer extends Tokenizer {
  #depth = 0;

  override blockquote(source: string): Tokens.Blockquote | undefined {
    return this.#within(() => super.blockquote(source));
  }

  override list(source: string): Tokens.List | undefined {
    return this.#within(() => super.list(source));
  }

  override fences(source: string): Tokens.Code | undefined {
    return markdownFence(source) ?? super.fences(source);
  }

  override emStrong(source: string, masked: string, previous?: string): Tokens.Em | Tokens.Strong | undefined {
    return this.#within(() => super.emStrong(source, masked, previous));
  }

  /** Only two tildes strike text out, because a single one often means a home folder or "about". */
  override del(source: string, masked: string, previous?: string): Tokens.Del | undefined {
    if (!source.startsWith("~~")) return undefined;
    return this.#within(() => super.del(source, masked, previous));
  }

  override link(source: string): Tokens.Link | Tokens.Image | undefined {
    return this.#within(() => super.link(source));
  }

  /** Ends a bare link before Chinese or Japanese punctuation. */
  override url(source: string): Tokens.Link | undefined {
    const found = super.url(source);
    const end = found?.raw.search(cjkPunctuation) ?? -1;
    return end < 0 ? found : super.url(source.slice(0, end));
  }

  override def(): undefined {
    return undefined;
  }

  #within<T>(lex: () => T | undefined): T | undefined {
    if (this.#depth === maxDepth) return undefined;
    this.#depth++;
    try {
      return lex();
    } finally {
      this.#depth--;
    }
  }
}

/** The blocks of a text with \n line endings. Their `raw` fields, concatenated, are the text. */
export function blockTokens(text: string): readonly MarkedToken[] {
  try {
    const kept = keepTabs(text);
    const tokens = asMarkedTokens(newLexer().blockTokens(kept.text, []));
    kept.restore(tokens);
    return tokens;
  } catch {
    // marked throws if it makes no progress. The text is then shown as it is written.
    return [{ type: "html", raw: text, text, pre: false, block: true }];
  }
}

/** The inline tokens of a block's text. A long text is lexed in parts, and emphasis cannot span two parts. */
export function inlineTokens(text: string): readonly MarkedToken[] {
  return partsOf(text).flatMap((part) => {
    try {
      return asMarkedTokens(newLexer().inlineTokens(part, []));
    } catch {
      const plain: Tokens.Text = { type: "text", raw: part, text: part };
      return [plain]; // shown as it is written, as in `blockTokens`
    }
  });
}

/** Splits a long text into parts, after a line if possible, otherwise after a word or, in a long word, anywhere. */
function partsOf(text: string): readonly string[] {
  if (text.length <= maxInlineCharacters) return [text];
  const part = text.slice(0, maxInlineCharacters);
  const line = part.lastIndexOf("\n") + 1;
  const end = line > 0 ? line : part.lastIndexOf(" ") + 1;
  const length = end > 0 ? end : maxInlineCharacters;
  return [text.slice(0, length), ...partsOf(text.slice(length))];
}

/** The cast is safe, because our extensions make only tokens of marked's own types. */
export function asMarkedTokens(tokens: readonly Token[]): readonly MarkedToken[] {
  return tokens as readonly MarkedToken[];
}

function newLexer(): Lexer {
  const extensions = {
    inline: [strongInCjk, formulaAsWritten],
    startInline: [startOfFormula],
    childTokens: {},
    renderers: {},
  };
  return new Lexer({ gfm: true, breaks: true, tokenizer: new BoundedTokenizer(), extensions });
}

function startOfFormula(source: string): number | undefined {
  const at = source.search(formulaStart);
  return at < 0 ? undefined : at;
}

/** Scripts that are written without spaces between words, or whose languages attach endings to words. */
const cjk = "[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}]";
const beginsInCjk = new RegExp(`^${cjk}`, "u");
const endsInCjk = new RegExp(`${cjk}$`, "u");

/**
 * In CommonMark, punctuation next to `**` prevents emphasis unless there is a space on the other side, so `**注意：**请`
 * would not be strong. Text in these scripts has no such spaces, so the rule does not apply next to their letters.
 */
const strongInCjk: TokenizerExtensionFunction = function (source, tokens) {
  const raw = /^\*\*(?=\S)(?:[^*`\n]|`[^`\n]*`)*(?<=\S)\*\*(?!\*)/.exec(source)?.[0];
  if (raw === undefined) return undefined;
  const before = tokens.at(-1)?.raw ?? "";
  if (!endsInCjk.test(before) && !beginsInCjk.test(source.slice(raw.length))) return undefined;
  const text = raw.slice(2, -2);
  return { type: "strong", raw, text, tokens: this.lexer.inlineTokens(text) };
};
