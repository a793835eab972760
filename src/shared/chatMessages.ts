/**
 * Every message between the extension host and the chat view. Plain data only. The host owns the conversations; the
 * view shows the last state it received and reports what the user did.
 */

/** Messages to the view. */
export type ToView =
  /** The whole state: sent when the view is ready and after every change except streamed text. */
  | { readonly kind: "state"; readonly state: ChatState }
  /** More text of the reply that is being written. */
  | { readonly kind: "delta"; readonly messageId: string; readonly thinking: string; readonly text: string }
  /** Inserts the text before the draft in the input box and focuses it. */
  | { readonly kind: "compose"; readonly text: string }
  /** The draft of the last session, for an empty input box. */
  | { readonly kind: "draft"; readonly text: string }
  /** Focuses the input box. If something was attached by typing `@`, that character is removed. */
  | { readonly kind: "focus"; readonly isAttached: boolean };

/** What the user did in the view. */
export type FromView =
  | { readonly kind: "ready" }
  | { readonly kind: "send"; readonly text: string }
  | { readonly kind: "stop" }
  /** Another reply in a branch of its own. `messageId` is the old reply, or a message of the user. */
  | { readonly kind: "regenerate"; readonly messageId: string }
  /** A new version of a message; the old one and what followed it stay as a branch. */
  | { readonly kind: "edit"; readonly messageId: string; readonly text: string }
  /** Shows the previous (-1) or next (1) of the branches that begin at this message. */
  | { readonly kind: "showBranch"; readonly messageId: string; readonly by: -1 | 1 }
  /** Deletes a message and all that follow it. */
  | { readonly kind: "delete"; readonly messageId: string }
  | { readonly kind: "newConversation" }
  | { readonly kind: "openConversation"; readonly id: string }
  | { readonly kind: "deleteConversation"; readonly id: string }
  /** Restores the conversation that was deleted last. */
  | { readonly kind: "undoDelete" }
  /** The text of the input box changed. */
  | { readonly kind: "draft"; readonly text: string }
  /** Opens the list of what can be attached. */
  | { readonly kind: "attach" }
  /** Files that were dropped on the view. */
  | { readonly kind: "attachUris"; readonly uris: readonly string[] }
  | { readonly kind: "attachFile" }
  | { readonly kind: "attachSelection" }
  | { readonly kind: "detach"; readonly attachmentId: string }
  | { readonly kind: "think"; readonly isOn: boolean }
  | { readonly kind: "copy"; readonly code: string }
  | { readonly kind: "insert"; readonly code: string }
  | { readonly kind: "newFile"; readonly code: string; readonly language: string }
  | { readonly kind: "openLink"; readonly url: string }
  /** A relative link: a path within the workspace, not checked yet. */
  | { readonly kind: "openFile"; readonly path: string }
  /** Shows code as a change of the editor's document. */
  | { readonly kind: "apply"; readonly code: string }
  | { readonly kind: "searchConversations" }
  | { readonly kind: "exportConversation" }
  | { readonly kind: "getModel" }
  | { readonly kind: "selectModel" }
  /** The user lets a model that was not trained to chat continue text anyway. */
  | { readonly kind: "scratchpad" }
  /** Opens the list of languages for the scratchpad. */
  | { readonly kind: "scratchpadLanguage" };

export interface ChatState {
  readonly conversation: { readonly id: string; readonly title: string };
  /** Name of the language that a model which was not trained to chat continues. */
  readonly scratchpadLanguage: string;
  /** The messages of the shown branch, in order. */
  readonly messages: readonly ChatMessage[];
  /** The newest one first; includes the open one. */
  readonly conversations: readonly ConversationEntry[];
  /**
   * Title of the conversation that was deleted or emptied last. This can be undone until a message is sent; undefined
   * if there is nothing to undo.
   */
  readonly deleted: string | undefined;
  /** Attachments of the next message. */
  readonly attachments: readonly Attachment[];
  readonly model: ModelInfo;
  /** Id of the reply that is being written. */
  readonly writing: string | undefined;
  /** Cost of the last reply of this conversation. */
  readonly cost: ReplyCost | undefined;
}

export interface ChatMessage {
  readonly id: string;
  readonly role: "user" | "assistant";
  /** Markdown for the assistant, plain text for the user. */
  readonly text: string;
  /** What the model thought before it replied; empty if it did not think. */
  readonly thinking: string;
  readonly attachments: readonly Attachment[];
  /** The message's position among its alternatives; `number` counts from 1. */
  readonly branch: { readonly number: number; readonly count: number };
  /** How a reply ended; "whole" if it ended by itself. */
  readonly ending: "whole" | "stopped" | "limit" | "repeats" | "noReply" | "failed";
  /** Shown below a message that failed. */
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
  readonly kind: "file" | "selection" | "symbol" | "problems";
  /** For instance `parser.ts` or `parser.ts:10-24`. */
  readonly label: string;
  /** How many tokens the attachment adds to the conversation; undefined until they are counted. */
  readonly tokens: number | undefined;
}

export interface ModelInfo {
  readonly name: string;
  /** "none": a model that was not trained to chat and only continues text. */
  readonly chat: "none" | "world" | "g1";
  /** True if the user chose to let such a model continue text. */
  readonly isScratchpad: boolean;
  /** Why no model can reply, in words. */
  readonly problem: string | undefined;
  /** Whether the model thinks before it replies; "unavailable" if it was not trained to. */
  readonly think: "on" | "off" | "unavailable";
  /** True while the model is being loaded. */
  readonly isLoading: boolean;
}

export interface ReplyCost {
  readonly tokensPerSecond: number;
  readonly tokensRead: number;
  readonly tokensFromCheckpoint: number;
}
