import type { OpenDocument } from "../document/openDocument.js";
import type { TokenChain } from "../document/tokenChain.js";
import type { PromptFormat, TextSentinels, TokenId, Tokenizer } from "../model.js";
import { heal, tokenise } from "./healing.js";
import type { LineMemory } from "./lineMemory.js";

/**
 * All tokens the model reads for one request, in stretches by how long they hold: `base` for as long as the text above
 * the line (or above the window), `below` for as long as the text below the line, `tail` for as long as the cursor stays
 * on the line, `typed` until the next key.
 */
export interface Prompt {
  /** How many tokens of the running document the prompt begins with. */
  readonly base: number;
  /** The suffix between its sentinels, where it is read before a window of the prefix; empty in the other forms. */
  readonly below: readonly TokenId[];
  /** Read last before what is typed; the state behind it is kept for the line. */
  readonly tail: readonly TokenId[];
  readonly typed: readonly TokenId[];
  /** The bytes that the first decoded tokens must spell (token healing). */
  readonly required: Uint8Array;
  /** How many tokens of the running document lie before `typed`. */
  readonly cursor: number;
  /** Text that begins a sentinel, where sentinels are text and the prompt holds some: a completion ends before it. */
  readonly mark: string | undefined;
}

/** Where a completion is asked for. Text is normalised. */
export interface PromptPlace extends LineMemory {
  readonly document: OpenDocument;
  /** The line's bytes before the cursor, as they should be read (an IntelliSense entry may stand in for typed text). */
  readonly typed: Uint8Array;
}

export function buildPrompt(place: PromptPlace, tokenizer: Tokenizer, format: PromptFormat): Prompt {
  const { form, textSentinels } = format;
  // Only the text before a line is behind checkpoints in the line-aligned forms: a line that is long itself must not be.
  if (place.typed.length > longLineBytes) return prefixPrompt(place, tokenizer);
  if (form === "prefix-suffix-middle") return lineAlignedPrompt(place, tokenizer, format);
  const prompt = prefixPrompt(place, tokenizer);
  const isWithSuffix = textSentinels !== undefined && place.suffix.length > 0;
  // Typed on this line, what may be read as a sentinel is not known to the line's memory yet.
  if (!isWithSuffix || Buffer.from(place.typed).includes(textSentinels.mark)) return prompt;
  return suffixFirstPrompt(prompt, place, tokenizer, textSentinels);
}

/** From here on a line is anchored within itself, at every so many bytes. */
const longLineBytes = 512;
const anchorBytes = 256;

/**
 * The text up to the cursor, tokenised as the model saw text in training: pieces such as `;\n    ` stay whole across the
 * line's start. The base ends where other tokens could follow if another text stood behind the anchor (the line's start, or
 * a place within a long line), so it holds whatever is typed there.
 */
function prefixPrompt(place: PromptPlace, tokenizer: Tokenizer): Prompt {
  const { document, line, typed } = place;
  const text = document.tokens;
  const anchored = anchorIn(place);
  const anchor = document.lineStart(line) + anchored;
  const base = text.tokensSettledBy(anchor);
  const before = text.bytes.subarray(text.startOf(base), anchor);
  const bytes = new Uint8Array(before.length + typed.length - anchored);
  bytes.set(before);
  bytes.set(typed.subarray(anchored), before.length);
  const { tokens, required } = heal(tokenizer, bytes, 0, bytes.length);
  return { base, below: [], tail: [], typed: tokens, required, cursor: base, mark: undefined };
}

/** How many bytes of a line are taken as the document has them; 0 for a line of usual length. */
function anchorIn({ document, line, typed }: PromptPlace): number {
  if (typed.length <= longLineBytes) return 0;
  const own = document.tokens.bytes.subarray(document.lineStart(line), document.lineEnd(line));
  let same = 0;
  while (same < typed.length && typed[same] === own[same]) same++;
  return Math.max(0, Math.floor(same / anchorBytes) - 1) * anchorBytes;
}

/** `prefix up to the last line end <suffix> suffix <middle> current line`, TRAINING.md "Document format". */
function lineAlignedPrompt(place: PromptPlace, tokenizer: Tokenizer, format: PromptFormat): Prompt {
  const { document, line, typed } = place;
  const text = document.tokens;
  const lineStart = document.lineStart(line);
  const base = text.tokensEndingBy(lineStart);
  const rest = tokenise(tokenizer, text.bytes, text.startOf(base), lineStart);
  const healed = heal(tokenizer, typed, 0, typed.length);
  return {
    base,
    below: [],
    tail: [...rest, ...sentinel(format.suffix), ...place.suffix, ...sentinel(format.middle)],
    typed: healed.tokens,
    required: healed.required,
    cursor: base,
    mark: undefined,
  };
}

function sentinel(token: TokenId | undefined): TokenId[] {
  return token === undefined ? [] : [token];
}

/**
 * `document up to the window ✿prefix✿✿suffix✿ suffix ✿middle✿ window, current line`: the prefix form with the suffix put
 * in where the window begins. Behind the state of all the text above, the window stands for the prefix that the model
 * expects there, and each token of the document is read once.
 */
function suffixFirstPrompt(
  prompt: Prompt,
  { document, suffix, mostWindowTokens }: PromptPlace,
  tokenizer: Tokenizer,
  sentinels: TextSentinels,
): Prompt {
  const base = windowStart(document, prompt.base, mostWindowTokens);
  const text = (sentinel: string): TokenId[] => {
    const bytes = new TextEncoder().encode(sentinel);
    return tokenise(tokenizer, bytes, 0, bytes.length);
  };
  return {
    ...prompt,
    base,
    below: [...text(sentinels.prefix), ...text(sentinels.suffix), ...suffix, ...text(sentinels.middle)],
    tail: document.tokens.tokens(base, prompt.base),
    mark: sentinels.mark,
  };
}

/**
 * How many tokens lie before the window that ends at `end`: it begins at the first line's start behind a token that stays
 * the same while `end` moves by half of `most`; at that token itself where the line goes on to `end`.
 */
function windowStart(document: OpenDocument, end: number, most: number): number {
  const text = document.tokens;
  const step = Math.max(1, Math.ceil(most / 2));
  const header = document.headerTokens;
  const from = Math.max(0, Math.ceil((end - most) / step)) * step;
  if (from <= header) return Math.min(header, end);
  const lineEnd = text.bytes.indexOf(10, text.startOf(from) - 1);
  const lineStart = lineEnd < 0 ? end : text.tokensEndingBy(lineEnd + 1);
  return lineStart < end ? lineStart : from;
}

/** The identity behind the prompt's tail, on top of a base that begins with `chain`. */
export function chainWithTail(chain: TokenChain, tail: readonly TokenId[]): TokenChain {
  const whole = chain.copy();
  whole.push(tail);
  return whole;
}
