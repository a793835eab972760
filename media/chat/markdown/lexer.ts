import { Lexer, Tokenizer, type MarkedToken, type Token, type TokenizerExtensionFunction, type Tokens } from "marked";

/**
 * marked's lexer within bounds: what a model writes may nest without end. Blocks and the text inside them are lexed
 * apart, so that only what is shown costs anything. References to links that are defined elsewhere stay as written: a
 * block means the same whatever follows it.
 */

/** Quotes and lists within each other, and marks within each other. */
const maxDepth = 10;
/** The search for the ends of marks takes the square of the length. */
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

  override emStrong(source: string, masked: string, previous?: string): Tokens.Em | Tokens.Strong | undefined {
    return this.#within(() => super.emStrong(source, masked, previous));
  }

  override del(source: string, masked: string, previous?: string): Tokens.Del | undefined {
    return this.#within(() => super.del(source, masked, previous));
  }

  override link(source: string): Tokens.Link | Tokens.Image | undefined {
    return this.#within(() => super.link(source));
  }

  /** Ends before a full stop, or other punctuation, of a text without spaces. */
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

/** The blocks of a text with \n line ends; their raw texts together are the text. */
export function blockTokens(text: string): readonly MarkedToken[] {
  try {
    return asMarkedTokens(newLexer().blockTokens(text, []));
  } catch {
    // marked gave up (it throws where it makes no headway): HTML is shown as it is written.
    return [{ type: "html", raw: text, text, pre: false, block: true }];
  }
}

/** The marked stretches of a block's text. */
export function inlineTokens(text: string): readonly MarkedToken[] {
  const plain: Tokens.Text = { type: "text", raw: text, text };
  if (text.length > maxInlineCharacters) return [plain];
  try {
    return asMarkedTokens(newLexer().inlineTokens(text, []));
  } catch {
    return [plain]; // marked gave up, as above
  }
}

/** The one extension that is registered makes tokens of marked's own kind, so there are no others. */
export function asMarkedTokens(tokens: readonly Token[]): readonly MarkedToken[] {
  return tokens as readonly MarkedToken[];
}

function newLexer(): Lexer {
  const extensions = { inline: [strongInCjk], startInline: [], childTokens: {}, renderers: {} };
  return new Lexer({ gfm: true, breaks: true, tokenizer: new BoundedTokenizer(), extensions });
}

/** Letters of languages that are written without spaces, or with endings right behind a word. */
const cjk = "[\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}]";
const beginsInCjk = new RegExp(`^${cjk}`, "u");
const endsInCjk = new RegExp(`${cjk}$`, "u");

/**
 * CommonMark tells where marks begin and end by the spaces around them. Where there are none, punctuation inside keeps
 * them from being marks: `**注意：**请`.
 */
const strongInCjk: TokenizerExtensionFunction = function (source, tokens) {
  const raw = /^\*\*(?=\S)(?:[^*`\n]|`[^`\n]*`)*(?<=\S)\*\*(?!\*)/.exec(source)?.[0];
  if (raw === undefined) return undefined;
  const before = tokens.at(-1)?.raw ?? "";
  if (!endsInCjk.test(before) && !beginsInCjk.test(source.slice(raw.length))) return undefined;
  const text = raw.slice(2, -2);
  return { type: "strong", raw, text, tokens: this.lexer.inlineTokens(text) };
};
