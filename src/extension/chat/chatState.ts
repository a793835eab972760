import type { ChatState, ConversationEntry } from "../../shared/chatMessages.js";
import { languageName } from "../languageNames.js";
import type { Conversation } from "./conversation.js";

type Shown = Pick<ChatState, "deleted" | "attachments" | "model" | "writing" | "cost"> & {
  readonly conversation: Conversation;
  /** The stored conversations. The open one is missing while it has no messages. */
  readonly all: readonly Conversation[];
};

/** The whole state of the view. */
export function chatState({ conversation, all, ...rest }: Shown): ChatState {
  const others = all.filter(({ id }) => id !== conversation.id);
  return {
    conversation: entryOf(conversation),
    scratchpadLanguage: languageName(conversation.languageId),
    messages: conversation.messages(),
    conversations: [conversation, ...others].map(entryOf).sort((a, b) => b.changed - a.changed),
    ...rest,
  };
}

function entryOf({ id, title, changed }: Conversation): ConversationEntry {
  return { id, title, changed };
}
