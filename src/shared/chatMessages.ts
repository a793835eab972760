/**
 * Every message between the extension host and the chat sidebar. Plain data only. The host owns the conversations; the
 * view shows what it was told last and says what the user did.
 */

/** What the view is told. */
export type ToView =
  /** Everything there is to show: sent when the view is ready, and after every change but streamed text. */
  | { readonly kind: "state"; readonly state: ChatState }
  /** More text of the answer that is being written. */
  | { readonly kind: "delta"; readonly messageId: string; readonly thinking: string; readonly text: string }
  /** Puts the text into the input box, in front of what stands there, and focuses it. */
  | { readonly kind: "compose"; readonly text: string };

/** What the user did. */
export type FromView =
  | { readonly kind: "ready" }
  | { readonly kind: "send"; readonly text: string }
  | { readonly kind: "stop" }
  /** Another answer to the same message, the old one stays as a branch beside it; or one to a message without any. */
  | { readonly kind: "regenerate"; readonly messageId: string }
  /** A message of the user's said anew; what followed the old one stays as a branch beside it. */
  | { readonly kind: "edit"; readonly messageId: string; readonly text: string }
  /** Shows another of the branches that begin here: `by` is -1 or 1. */
  | { readonly kind: "showBranch"; readonly messageId: string; readonly by: -1 | 1 }
  /** Deletes a message and all that follows it. */
  | { readonly kind: "delete"; readonly messageId: string }
  | { readonly kind: "newConversation" }
  | { readonly kind: "openConversation"; readonly id: string }
  | { readonly kind: "deleteConversation"; readonly id: string }
  /** Brings the conversation back that was deleted last. */
  | { readonly kind: "undoDelete" }
  | { readonly kind: "attachFile" }
  | { readonly kind: "attachSelection" }
  | { readonly kind: "detach"; readonly attachmentId: string }
  | { readonly kind: "think"; readonly isOn: boolean }
  | { readonly kind: "copy"; readonly code: string }
  | { readonly kind: "insert"; readonly code: string }
  | { readonly kind: "newFile"; readonly code: string; readonly language: string }
  | { readonly kind: "openLink"; readonly url: string }
  | { readonly kind: "importModel" };

export interface ChatState {
  readonly conversation: { readonly id: string; readonly title: string };
  /** From the first to the last of the branch that is shown. */
  readonly messages: readonly ChatMessage[];
  /** The newest first; the open one among them. */
  readonly conversations: readonly ConversationEntry[];
  /** Title of the conversation that was deleted last, or emptied, for as long as that can be undone: until a message is sent. */
  readonly deleted: string | undefined;
  /** What goes with the next message. */
  readonly attachments: readonly Attachment[];
  readonly model: ModelInfo;
  /** An answer is being written: its id. */
  readonly writing: string | undefined;
  /** Of the last answer of this conversation. */
  readonly cost: ReplyCost | undefined;
}

export interface ChatMessage {
  readonly id: string;
  readonly role: "user" | "assistant";
  /** Markdown, of an assistant; plain text, of the user. */
  readonly text: string;
  /** What a model that thinks first wrote before its answer; empty where it wrote none. */
  readonly thinking: string;
  readonly attachments: readonly Attachment[];
  /** Its place among the branches that begin here: `place` counts from 1. */
  readonly branch: { readonly number: number; readonly count: number };
  /** Why an answer ended where it does not end by itself. */
  readonly ending: "whole" | "stopped" | "limit" | "repeats" | "failed";
  /** Said below a message that failed. */
  readonly problem: string | undefined;
}

export interface ConversationEntry {
  readonly id: string;
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly changed: number;
}

export interface Attachment {
  readonly id: string;
  readonly kind: "file" | "selection";
  /** For instance `parser.ts` or `parser.ts:10-24`. */
  readonly label: string;
  /** Tokens it adds to the conversation; undefined while they are counted. */
  readonly tokens: number | undefined;
}

export interface ModelInfo {
  readonly name: string;
  /** "none": a model that was not trained to talk; what is written is gone on with. */
  readonly chat: "none" | "world" | "g1";
  /** For people, where no model can answer: why. */
  readonly problem: string | undefined;
  /** Of the models that can: whether it thinks before it answers. */
  readonly think: "on" | "off" | "unavailable";
  /** It is being loaded: nothing can be written before it is there. */
  readonly isLoading: boolean;
}

export interface ReplyCost {
  readonly tokensPerSecond: number;
  readonly tokensRead: number;
  readonly tokensFromCheckpoint: number;
}
