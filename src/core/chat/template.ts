import { fenceFor } from "../../shared/fence.js";
import type { ChatFormat } from "../model.js";
import type { ChatAttachment, ChatTurn } from "./turn.js";
import { paragraph } from "./turnMarkers.js";

/** A reply ends before any of these texts, because the model begins another speaker's turn with them. */
export const stopSequences: Readonly<Record<ChatFormat, readonly string[]>> = {
  none: [],
  world: ["\n\nUser:", "\n\nSystem:"],
  g1: ["\n\nUser:", "\n\nSystem:"],
};

/** The inputs for a turn's opening besides the turn itself. */
export interface TurnContext {
  readonly isFirst: boolean;
  /** The system message; may be empty. */
  readonly system: string;
  /** Number of attachments that were read as documents before the turn. */
  readonly attachmentsRead: number;
}

/**
 * The text between the previous reply and the reply to this turn (docs/RWKV.md §12). All texts must be normalized
 * already: dropping characters later could leave a blank line, and with it a forged turn.
 */
export function turnOpening(
  format: ChatFormat,
  turn: ChatTurn,
  { isFirst, system, attachmentsRead }: TurnContext,
): string {
  const attached = turn.attachments.slice(attachmentsRead);
  const isAlone = isFirst && attachmentsRead === 0;
  if (format === "none") {
    // Trailing whitespace is left to the model, because tokens may begin with whitespace: `\n    ` is one token.
    const code = [...attached.map(({ text }) => text.trimEnd()), turn.message.trimEnd()];
    return (isAlone ? "" : "\n") + code.join("\n");
  }
  const message = paragraph([...attached.map(fencedAttachment), turn.message].join("\n"));
  const systemText = isFirst && system.trim() !== "" ? `System: ${paragraph(system)}\n\n` : "";
  return `${isAlone ? "" : "\n\n"}${systemText}User: ${message}\n\nAssistant:${format === "g1" ? thinkingOpening(turn.think) : ""}`;
}

/** Ends within a tag that the model then completes: `<think` to think first, `</think` to reply at once. */
function thinkingOpening(think: boolean): string {
  return think ? " <think" : " <think>\n</think";
}

function fencedAttachment({ label, languageId, text }: ChatAttachment): string {
  const fence = fenceFor(text);
  return `${oneLine(label)}\n${fence}${oneLine(languageId)}\n${text}\n${fence}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
