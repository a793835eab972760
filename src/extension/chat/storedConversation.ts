import { conversationVersion, type StoredConversation } from "./conversation.js";

/** Parses a stored conversation. @throws Error that says why the text is not a conversation. */
export function parseStored(text: string): StoredConversation {
  const parsed: unknown = JSON.parse(text);
  const { version } = (parsed ?? {}) as { readonly version?: unknown }; // checked below
  if (typeof version === "number" && version > conversationVersion) {
    throw new Error(`it has format ${version}, of a newer RWKV Code; this version reads ${conversationVersion}`);
  }
  if (!isStored(parsed)) throw new Error("not a conversation of this version");
  return parsed;
}

function isStored(value: unknown): value is StoredConversation {
  // Each field is checked.
  const { version, id, languageId, changed, nodes, shown } = (value ?? {}) as Partial<StoredConversation>;
  const isNamed = typeof id === "string" && /^[\w-]+$/.test(id) && typeof languageId === "string";
  return (
    version === conversationVersion &&
    isNamed &&
    typeof changed === "number" &&
    Array.isArray(nodes) &&
    nodes.every(isNode) &&
    typeof shown === "object"
  );
}

function isNode(value: unknown): boolean {
  // Each field is checked below.
  const { id, role, parent, text, attachments, written, thinking } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof id !== "string" || typeof text !== "string") return false;
  if (role === "user") return isTextOrNone(parent) && Array.isArray(attachments);
  return (
    role === "assistant" && typeof parent === "string" && typeof written === "string" && typeof thinking === "string"
  );
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}
