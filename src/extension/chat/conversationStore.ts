import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { Conversation, type StoredConversation } from "./conversation.js";
import { parseStored } from "./storedConversation.js";

const maxConversations = 50;

/**
 * The conversations, each a JSON file in the extension's own folder: they outlive the window. Windows without a folder
 * share theirs: what another one has written meanwhile stays.
 */
export class ConversationStore {
  readonly #folder: vscode.Uri;
  readonly #onError: (error: unknown) => void;
  readonly #all = new Map<string, Conversation>();
  /** Of a conversation whose file another version has taken over: the name it is kept by instead. */
  readonly #aside = new Map<string, string>();
  /** Keeps what two windows write at once apart. */
  readonly #window = randomUUID();
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: vscode.Uri, onError: (error: unknown) => void) {
    this.#folder = folder;
    this.#onError = onError;
  }

  /** The newest first. */
  get all(): readonly Conversation[] {
    return [...this.#all.values()].sort((a, b) => b.changed - a.changed);
  }

  get(id: string): Conversation | undefined {
    return this.#all.get(id);
  }

  /** An empty conversation; kept once it has a message. */
  create(languageId: string): Conversation {
    return new Conversation({ id: randomUUID(), languageId, changed: Date.now(), nodes: [], shown: {} });
  }

  /** Reads what is there. A file that is no conversation is left where it is, and said. */
  async load(): Promise<void> {
    const names = (await this.#names()).filter((name) => name.endsWith(".json"));
    await Promise.all(names.map((name) => this.#read(vscode.Uri.joinPath(this.#folder, name))));
  }

  /** Keeps a conversation as it is now; the oldest beyond fifty are deleted. */
  save(conversation: Conversation): Promise<void> {
    if (conversation.isEmpty) return this.delete(conversation.id);
    this.#all.set(conversation.id, conversation);
    return this.#enqueue(async () => {
      // Renamed when it is whole: a window that closes meanwhile leaves the old one.
      const part = vscode.Uri.joinPath(this.#folder, `${conversation.id}.${this.#window}.part`);
      await vscode.workspace.fs.createDirectory(this.#folder);
      await this.#merge(conversation);
      const stored = { ...conversation.stored(), id: this.#nameOf(conversation.id) };
      const bytes = new TextEncoder().encode(JSON.stringify(stored));
      await vscode.workspace.fs.writeFile(part, bytes);
      await vscode.workspace.fs.rename(part, this.#file(conversation.id), { overwrite: true });
      for (const { id } of this.all.slice(maxConversations)) await this.#remove(id);
    });
  }

  delete(id: string): Promise<void> {
    if (!this.#all.has(id)) return Promise.resolve();
    return this.#enqueue(() => this.#remove(id));
  }

  async #remove(id: string): Promise<void> {
    this.#all.delete(id);
    await vscode.workspace.fs.delete(this.#file(id));
  }

  /** One write after the other, in the order they came. */
  #enqueue(work: () => Promise<void>): Promise<void> {
    const next = this.#last.then(work).catch(this.#onError);
    this.#last = next;
    return next;
  }

  async #names(): Promise<string[]> {
    try {
      return (await vscode.workspace.fs.readDirectory(this.#folder)).map(([name]) => name);
    } catch {
      return []; // nothing was kept yet
    }
  }

  async #read(file: vscode.Uri): Promise<void> {
    try {
      const stored = await storedIn(file);
      this.#all.set(stored.id, new Conversation(stored));
    } catch (error) {
      this.#onError(leftAsItIs(file, error));
    }
  }

  /** Takes over what another window has written. A file that cannot be read, as of a newer version, is not written over. */
  async #merge(conversation: Conversation): Promise<void> {
    const file = this.#file(conversation.id);
    if (!(await this.#names()).includes(`${this.#nameOf(conversation.id)}.json`)) return;
    try {
      conversation.merge(await storedIn(file));
    } catch (error) {
      this.#aside.set(conversation.id, randomUUID());
      this.#onError(leftAsItIs(file, error));
    }
  }

  /** What a conversation's file is called. */
  #nameOf(id: string): string {
    return this.#aside.get(id) ?? id;
  }

  #file(id: string): vscode.Uri {
    return vscode.Uri.joinPath(this.#folder, `${this.#nameOf(id)}.json`);
  }
}

/** @throws where it is no conversation. */
async function storedIn(file: vscode.Uri): Promise<StoredConversation> {
  return parseStored(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
}

function leftAsItIs(file: vscode.Uri, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return new Error(`${file.fsPath}: ${reason}; it is left as it is`, { cause: error });
}
