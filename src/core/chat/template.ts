import { fenceFor } from "../../shared/fence.js";
import type { ChatFormat } from "../model.js";
import type { ChatAttachment, ChatTurn } from "./turn.js";
import { paragraph } from "./turnMarkers.js";

/** What ends an answer beside the end of the text: the model begins someone else's turn. */
export const stopSequences: Readonly<Record<ChatFormat, readonly string[]>> = {
  none: [],
  world: ["\n\nUser:", "\n\nSystem:"],
  g1: ["\n\nUser:", "\n\nSystem:"],
};

/** What stands before a turn. */
export interface TurnContext {
  readonly isFirst: boolean;
  /** What the model is told before everything; may be empty. */
  readonly system: string;
  /** Attachments that were read as documents of their own, before the turn. */
  readonly attachmentsRead: number;
}

/**
 * Everything between the previous answer and the answer to this turn. Texts are normalised already: characters that are
 * dropped later could leave a blank line, and with it a forged turn.
 */
export function turnOpening(
  format: ChatFormat,
  turn: ChatTurn,
  { isFirst, system, attachmentsRead }: TurnContext,
): string {
  const attached = turn.attachments.slice(attachmentsRead);
  const isAlone = isFirst && attachmentsRead === 0;
  if (format === "none") {
    // Space at the end is left to the model, whose tokens begin with it: `\n    ` is one.
    const code = [...attached.map(({ text }) => text.trimEnd()), turn.message.trimEnd()];
    return (isAlone ? "" : "\n") + code.join("\n");
  }
  const message = paragraph([...attached.map(fencedAttachment), turn.message].join("\n"));
  const systemText = isFirst && system.trim() !== "" ? `System: ${paragraph(system)}\n\n` : "";
  return `${isAlone ? "" : "\n\n"}${systemText}User: ${message}\n\nAssistant:${format === "g1" ? thinkingOpening(turn.think) : ""}`;
}

/** The tag that the model goes on with is left unclosed: `<think` to think, a closed pair to answer at once. */
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
