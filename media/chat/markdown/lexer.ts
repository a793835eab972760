import { keepTabs } from "./keptTabs.js";
import { formulaAsWritten, formulaStart } from "./math.js";
import { markdownFence } from "./nestedFence.js";
import { Lexer, Tokenizer, type MarkedToken, type Token, type TokenizerExtensionFunction, type Tokens } from "marked";

/**
 * marked's lexer with bounds, since a model's text may nest without end. Blocks and their inline content are lexed
 * separately, so that only visible text costs time. Reference links stay as written, so that the meaning of a block
 * never depends on what follows it.
 */

/** Depth of nested quotes and lists, and of nested emphasis. */
const maxDepth = 10;
/** The search for the ends of emphasis takes the square of the length. */
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

  /** Two tildes alone: one is a home folder or "about". */
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

/** The blocks of a text with \n line endings; their raw texts concatenated are the text. */
export function blockTokens(text: string): readonly MarkedToken[] {
  try {
    const kept = keepTabs(text);
    const tokens = asMarkedTokens(newLexer().blockTokens(kept.text, []));
    kept.restore(tokens);
    return tokens;
  } catch {
    // marked throws if it makes no progress: the text is then shown as written.
    return [{ type: "html", raw: text, text, pre: false, block: true }];
  }
}

/** The inline tokens of a block's text. Emphasis does not reach over the parts that a long text is lexed in. */
export function inlineTokens(text: string): readonly MarkedToken[] {
  return partsOf(text).flatMap((part) => {
    try {
      return asMarkedTokens(newLexer().inlineTokens(part, []));
    } catch {
      const plain: Tokens.Text = { type: "text", raw: part, text: part };
      return [plain]; // as above
    }
  });
}

/** The text in parts that end after a line, a word, or else anywhere. */
function partsOf(text: string): readonly string[] {
  if (text.length <= maxInlineCharacters) return [text];
  const part = text.slice(0, maxInlineCharacters);
  const line = part.lastIndexOf("\n") + 1;
  const end = line > 0 ? line : part.lastIndexOf(" ") + 1;
  const length = end > 0 ? end : maxInlineCharacters;
  return [text.slice(0, length), ...partsOf(text.slice(length))];
}

/** Safe: our extensions make tokens of marked's own types. */
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

/** Scripts written without spaces, or with endings attached to words. */
const cjk = "[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}]";
const beginsInCjk = new RegExp(`^${cjk}`, "u");
const endsInCjk = new RegExp(`${cjk}$`, "u");

/**
 * CommonMark decides by the surrounding spaces where emphasis begins and ends. Without spaces, punctuation inside
 * prevents emphasis: `**注意：**请`.
 */
const strongInCjk: TokenizerExtensionFunction = function (source, tokens) {
  const raw = /^\*\*(?=\S)(?:[^*`\n]|`[^`\n]*`)*(?<=\S)\*\*(?!\*)/.exec(source)?.[0];
  if (raw === undefined) return undefined;
  const before = tokens.at(-1)?.raw ?? "";
  if (!endsInCjk.test(before) && !beginsInCjk.test(source.slice(raw.length))) return undefined;
  const text = raw.slice(2, -2);
  return { type: "strong", raw, text, tokens: this.lexer.inlineTokens(text) };
};
