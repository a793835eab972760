import { Generator } from "../../src/core/completion/generator.js";
import { toEditorCompletion, toRequest } from "../../src/core/completion/editorRequest.js";
import { type TokenId } from "../../src/core/model.js";
import type { Insertion } from "../../src/core/structure/insertionPoint.js";
import { FakeModel } from "./fakeModel.js";
import { openSession, testInference } from "./testInference.js";
import { neverCancelled } from "../../src/shared/cancellation.js";

/** Tokens with smaller ids are sentinels, whose bytes never occur in text. */
const sentinels = 6;

/** A document with the cursor as ¦, and what the model writes there. */
export interface Script {
  readonly path: string;
  readonly document: string;
  readonly writes: string;
}

/**
 * Writes `script` after the text `before`, wherever the prompt begins. Blanks that were inserted between the two count
 * as the script's first blanks.
 */
class ScriptedModel extends FakeModel {
  readonly #before: Buffer;
  readonly #known: Buffer;

  constructor(header: string, before: string, script: string) {
    super();
    this.#before = Buffer.from(`${header}\n${before}`);
    this.#known = Buffer.from(`${header}\n${before}${script}`);
  }

  override logitsAfter(read: readonly TokenId[]): Float32Array {
    const logits = new Float32Array(this.tokenizer.vocabularySize);
    const bytes = read.map((token) => (token < sentinels ? new Uint8Array() : this.tokenizer.bytesOf(token)));
    const next = this.#nextAfter(Buffer.concat(bytes));
    if (next.length === 0) logits[0] = 100;
    for (let length = 1; length <= Math.min(next.length, 40); length++) {
      const match = this.tokenizer.pretokenAt(next, 0, length)[0]!;
      if (match.byteLength === length) logits[match.token] = 1 + length;
    }
    return logits;
  }

  #nextAfter(text: Buffer): Buffer {
    if (this.#known.subarray(0, text.length).equals(text)) return this.#known.subarray(text.length);
    const withoutBlanks = (part: Buffer): string => part.toString().replace(/^[ \t]+/, "");
    const added = withoutBlanks(text.subarray(this.#before.length));
    const script = withoutBlanks(this.#known.subarray(this.#before.length));
    const isContinued = text.subarray(0, this.#before.length).equals(this.#before) && script.startsWith(added);
    return Buffer.from(isContinued ? script.slice(added.length) : "");
  }
}

function parts({ path, document, writes }: Script) {
  const at = document.indexOf("¦");
  const before = document.slice(0, at);
  const text = before + document.slice(at + 1);
  const line = before.split("\n").length - 1;
  const character = before.length - before.lastIndexOf("\n") - 1;
  const inference = testInference(new ScriptedModel(path, before, writes), { limits: { maxTokens: 128 } });
  const session = openSession(inference, text, { path });
  return { inference, session, line, character, rawLine: text.split("\n")[line]! };
}

/** The ways in which a text is inserted: as automatic or invoked ghost text, or by the command *Generate*. */
export type Surface = "inline" | "invoked" | "generate";

/** The part of the model's text that is inserted; null if none is. */
export function insertedText(surface: Surface, script: Script): Promise<string | null> {
  if (surface === "generate") return generatedText(script);
  return inlineText(script, surface === "inline" ? "automatic" : "invoked");
}

/** The document after the insertion. The closers that the inserted text replaces are removed. */
export async function documentAfter(surface: Surface, script: Script): Promise<string> {
  const at = script.document.indexOf("¦");
  const [before, after] = [script.document.slice(0, at), script.document.slice(at + 1)];
  if (surface === "generate") {
    const { text, replaced } = await generated(script);
    return before + text + after.slice(replaced);
  }
  const completion = await inlineCompletion(script, surface === "inline" ? "automatic" : "invoked");
  if (completion === undefined) return before + after;
  const lineStart = before.lastIndexOf("\n") + 1;
  return before.slice(0, lineStart + completion.start) + completion.text + after.slice(lineStart + completion.end - at);
}

/** The ghost text that is shown; null if there is none. */
export async function inlineText(script: Script, trigger: "automatic" | "invoked"): Promise<string | null> {
  return (await inlineCompletion(script, trigger))?.text ?? null;
}

async function inlineCompletion(script: Script, trigger: "automatic" | "invoked") {
  const { inference, ...cursor } = parts(script);
  const place = { ...cursor, selected: undefined };
  const { sentinelBytes } = inference.model.tokenizer;
  const rest = { trigger, prefixMode: "full", neighbors: [], arrivedMs: performance.now() } as const;
  const request = toRequest(place, rest, sentinelBytes)!;
  const insertion = await inference.completer.complete(request, neverCancelled);
  return "reason" in insertion ? undefined : toEditorCompletion(place, insertion, sentinelBytes);
}

/** The text that *Generate* inserts; null if it inserts none. */
export async function generatedText(script: Script): Promise<string | null> {
  const { text } = await generated(script);
  return text === "" ? null : text;
}

async function generated(script: Script): Promise<Insertion> {
  const { inference, session, line, character, rawLine } = parts(script);
  const request = {
    session,
    line,
    linePrefix: rawLine.slice(0, character),
    afterCursor: rawLine.slice(character),
    maxLines: 40,
    indentUnit: "  ",
    prefixMode: "full",
    neighbors: [],
  } as const;
  let replaced = 0;
  const onText = (more: Insertion): void => void (replaced += more.replaced);
  const { text } = await new Generator(inference).generate(request, onText, neverCancelled);
  return { text, replaced };
}
