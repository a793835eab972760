import { randomUUID } from "node:crypto";
import type { Attachment, ChatMessage } from "../../shared/chatMessages.js";
import type { ChatAttachmentParams, ChatFormat, ChatTurnParams } from "../../shared/protocol.js";

/** An attachment, with the text that it had when it was attached. */
export interface KeptAttachment extends ChatAttachmentParams {
  readonly id: string;
  /** Undefined in files of earlier versions. */
  readonly kind?: Attachment["kind"];
  /** 0 until they are counted. */
  readonly tokens: number;
}

/** The chat format of a reply, and whether thinking was requested. */
export interface ReplyFormat {
  readonly format: ChatFormat;
  readonly think: boolean;
}

interface UserNode {
  readonly id: string;
  readonly role: "user";
  /** Id of the reply that this message follows; undefined for a first message. */
  readonly parent: string | undefined;
  readonly text: string;
  readonly attachments: readonly KeptAttachment[];
}

export interface ReplyNode {
  readonly id: string;
  readonly role: "assistant";
  /** Id of the message that this is a reply to. */
  readonly parent: string;
  /** The reply exactly as the model wrote it. */
  readonly written: string;
  /** The format of `written`; undefined until something is written, and in files of earlier versions. */
  readonly form: ReplyFormat | undefined;
  readonly thinking: string;
  readonly text: string;
  readonly ending: ChatMessage["ending"];
  readonly problem: string | undefined;
}

export type ChatNode = UserNode | ReplyNode;

/** Version of the stored form; raised when an older version would misread a conversation. */
export const conversationVersion = 1;

/** A conversation as stored in a file. Fields that another version added are preserved. */
export interface StoredConversation {
  readonly version: typeof conversationVersion;
  readonly id: string;
  /** Language of the scratchpad, for a model that only continues code. */
  readonly languageId: string;
  /** Milliseconds since 1970. */
  readonly changed: number;
  readonly nodes: readonly ChatNode[];
  /** Maps a message's id to the id of the child that is shown. The key "" is for the start of the conversation. */
  readonly shown: Readonly<Record<string, string>>;
}

const titleLength = 60;

/** A tree of messages: regenerating and editing create branches; one path through it is shown. */
export class Conversation {
  readonly id: string;
  languageId: string;
  #changed: number;
  readonly #nodes: Map<string, ChatNode>;
  readonly #shown: Map<string, string>;
  /** Fields that another version added. */
  readonly #further: object;
  /** Ids of the messages that this window has added, replaced or deleted since it read the conversation. */
  readonly #changedHere = new Set<string>();

  constructor({ id, languageId, changed, nodes, shown, ...further }: Omit<StoredConversation, "version">) {
    this.id = id;
    this.languageId = languageId;
    this.#changed = changed;
    this.#nodes = new Map(nodes.map((node) => [node.id, node]));
    this.#shown = new Map(Object.entries(shown));
    this.#further = further;
  }

  get changed(): number {
    return this.#changed;
  }

  get isEmpty(): boolean {
    return this.#nodes.size === 0;
  }

  /** The start of the first message that is shown; empty if there is none. */
  get title(): string {
    const [first] = this.path();
    const line = first === undefined ? "" : (first.text.trim().split("\n")[0] ?? "");
    return line.length > titleLength ? `${line.slice(0, titleLength - 1)}…` : line;
  }

  node(id: string): ChatNode | undefined {
    return this.#nodes.get(id);
  }

  /** Adds a node below its parent, or replaces it, and shows it. */
  put(node: ChatNode): void {
    this.#nodes.set(node.id, node);
    this.#changedHere.add(node.id);
    this.#shown.set(node.parent ?? "", node.id);
    this.#changed = Date.now();
  }

  /** Adds a message of the user after the last message that is shown. @returns its id. */
  append(text: string, attachments: readonly KeptAttachment[]): string {
    const id = randomUUID();
    this.put({ id, role: "user", parent: this.path().at(-1)?.id, text, attachments });
    return id;
  }

  /** Switches from a message to the previous or next alternative with the same parent. */
  showBranch(id: string, by: -1 | 1): void {
    const node = this.#nodes.get(id);
    if (node === undefined) return;
    const branches = this.#below(node.parent);
    const next = branches[branches.indexOf(node) + by];
    if (next !== undefined) this.#shown.set(node.parent ?? "", next.id);
  }

  /** Deletes a message and all that follow it. */
  delete(id: string): void {
    const node = this.#nodes.get(id);
    if (node === undefined) return;
    for (const child of this.#below(id)) this.delete(child.id);
    this.#nodes.delete(id);
    this.#changedHere.add(id);
    this.#shown.delete(id);
    const last = this.#below(node.parent).at(-1);
    if (last === undefined) this.#shown.delete(node.parent ?? "");
    else this.#shown.set(node.parent ?? "", last.id);
    this.#changed = Date.now();
  }

  /** Merges what another window has stored, except messages that this window has replaced or deleted. */
  merge({ nodes }: StoredConversation): void {
    for (const node of nodes) {
      const isWithoutParent = node.parent !== undefined && !this.#nodes.has(node.parent);
      if (!this.#changedHere.has(node.id) && !isWithoutParent) this.#nodes.set(node.id, node);
    }
  }

  /** The messages of the branch that is shown, in order. */
  path(): ChatNode[] {
    const path: ChatNode[] = [];
    for (let next = this.#shownBelow(undefined); next !== undefined; next = this.#shownBelow(next.id)) path.push(next);
    return path;
  }

  /**
   * The turns of a prompt, up to the user's message `id`, which needs a reply. Earlier messages without a reply are
   * omitted.
   */
  turnsUpTo(id: string, form: ReplyFormat): ChatTurnParams[] {
    const turns: ChatTurnParams[] = [];
    let reply: ReplyNode | undefined;
    for (let node = this.#nodes.get(id); node !== undefined; node = this.#nodes.get(node.parent ?? "")) {
      if (node.role === "assistant") {
        reply = node;
        continue;
      }
      const end = node.id === id ? { think: form.think } : reply && replyAsRead(reply, form.format);
      reply = undefined;
      if (end === undefined) continue;
      turns.unshift({ message: node.text, attachments: node.attachments.map(sentAttachment), ...end });
    }
    return turns;
  }

  /** The messages as the view shows them. */
  messages(): ChatMessage[] {
    return this.path().map((node) => {
      const branches = this.#below(node.parent);
      const branch = { number: branches.indexOf(node) + 1, count: branches.length };
      if (node.role === "assistant") return { ...node, attachments: [], branch };
      const attachments = node.attachments.map(shownAttachment);
      return { ...node, thinking: "", attachments, branch, ending: "whole", problem: undefined };
    });
  }

  stored(): StoredConversation {
    return {
      ...this.#further,
      version: conversationVersion,
      id: this.id,
      languageId: this.languageId,
      changed: this.#changed,
      nodes: [...this.#nodes.values()],
      shown: Object.fromEntries(this.#shown),
    };
  }

  #below(parent: string | undefined): ChatNode[] {
    return [...this.#nodes.values()].filter((node) => node.parent === parent);
  }

  #shownBelow(parent: string | undefined): ChatNode | undefined {
    return this.#nodes.get(this.#shown.get(parent ?? "") ?? "") ?? this.#below(parent).at(-1);
  }
}

/** An attachment as the view shows it. */
export function shownAttachment({ id, kind, isWholeFile, label, text, tokens }: KeptAttachment): Attachment {
  const isCounted = tokens > 0 || text === "";
  return { id, kind: kind ?? (isWholeFile ? "file" : "selection"), label, tokens: isCounted ? tokens : undefined };
}

/** The text that each format puts between the opening of the assistant's turn and a reply without thinking. */
export const replyLeadIn: Readonly<Record<ChatFormat, string>> = { none: "\n", world: " ", g1: ">\n" };

/** A reply as part of a later prompt: exactly as written if the chat format is still the same; undefined if empty. */
function replyAsRead(
  { written, text, form }: ReplyNode,
  format: ChatFormat,
): Pick<ChatTurnParams, "think" | "answer"> | undefined {
  // A reply that ended while thinking has no text either.
  if (written.trim() === "" || text.trim() === "") return undefined;
  if (form?.format === format) return { think: form.think, answer: written };
  return { think: false, answer: replyLeadIn[format] + text };
}

function sentAttachment({ label, uri, languageId, text, isWholeFile }: KeptAttachment): ChatAttachmentParams {
  return { label, uri, languageId, text, isWholeFile };
}
