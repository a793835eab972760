import type { CancellationToken } from "vscode-languageserver";
import { tokenise } from "../core/completion/healing.js";
import { answerOf } from "../core/chat/thinking.js";
import type { Model } from "../core/model.js";
import { normalisedBytes } from "../core/text/normalise.js";
import type { ChatParams, ChatPiece, ChatResult } from "../protocol.js";
import { headerPath } from "./headerPath.js";
import type { LoadedModel } from "./loadedModel.js";

/** Who hears of the answer, and who may end it. */
export interface ChatListener {
  /** What has been added to each part. */
  readonly onPiece: (piece: ChatPiece) => void;
  readonly cancellation: CancellationToken;
}

/** Answers `rwkv/chat`. @param folders of the workspace: they shorten the names of attached files. @throws Cancelled */
export async function answerChat(
  { chat, model }: LoadedModel,
  { turns, system, scratchLanguageId, seed }: ChatParams,
  folders: readonly string[],
  { onPiece, cancellation }: ChatListener,
): Promise<ChatResult> {
  const think = turns.at(-1)?.think === true;
  const partsOf = (written: string): ChatPiece => ({ written, ...answerOf(model.chat, think, written) });
  const request = {
    turns: turns.map(({ attachments, answer, ...turn }) => ({
      ...turn,
      answer,
      attachments: attachments.map(({ uri, ...rest }) => ({
        ...rest,
        headerPath: headerPath(uri, rest.languageId, folders),
      })),
    })),
    system,
    scratchPath: headerPath("untitled:scratchpad", scratchLanguageId, folders),
    seed,
  };
  let sent: ChatPiece = { written: "", thinking: "", text: "" };
  const onText = (written: string): void => {
    const next = partsOf(written);
    onPiece({
      written: next.written.slice(sent.written.length),
      thinking: next.thinking.slice(sent.thinking.length),
      text: next.text.slice(sent.text.length),
    });
    sent = next;
  };
  const answered = await chat.answer(request, onText, cancellation);
  return { ...answered, ...partsOf(answered.written) };
}

/** Answers `rwkv/countTokens`. */
export function countTokens({ tokenizer }: Model, texts: readonly string[]): number[] {
  return texts.map((text) => {
    const bytes = normalisedBytes(text, tokenizer.sentinelBytes);
    return tokenise(tokenizer, bytes, 0, bytes.length).length;
  });
}
