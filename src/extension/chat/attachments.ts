import type { CompletionClient } from "../completionClient.js";
import type { Conversation, KeptAttachment } from "./conversation.js";

/**
 * Counts the tokens of those attachments that have no count yet.
 * @returns the counts by attachment id; empty if there is no model to count with.
 */
export async function countTokens(
  attachments: readonly KeptAttachment[],
  client: Pick<CompletionClient, "countTokens">,
): Promise<ReadonlyMap<string, number>> {
  const uncounted = attachments.filter(({ tokens, text }) => tokens === 0 && text !== "");
  if (uncounted.length === 0) return new Map();
  try {
    const counts = await client.countTokens(uncounted.map(({ text }) => text));
    const all = uncounted.map(({ id }, i) => [id, counts[i] ?? 0] as const);
    return new Map(all.filter(([, tokens]) => tokens > 0));
  } catch {
    return new Map(); // the server is gone; they are counted when a model is ready again
  }
}

export function withCounts(
  attachments: readonly KeptAttachment[],
  counts: ReadonlyMap<string, number>,
): KeptAttachment[] {
  return attachments.map((one) => ({ ...one, tokens: counts.get(one.id) ?? one.tokens }));
}

/**
 * Counts the tokens of the attachments of a message that was sent, in case no model was loaded at that time.
 * @returns true if at least one was counted.
 */
export async function countSent(
  conversation: Conversation,
  messageId: string,
  client: Pick<CompletionClient, "countTokens">,
): Promise<boolean> {
  const message = conversation.node(messageId);
  if (message?.role !== "user") return false;
  const counts = await countTokens(message.attachments, client);
  if (counts.size === 0) return false;
  conversation.put({ ...message, attachments: withCounts(message.attachments, counts) });
  return true;
}
