import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { Conversation, type StoredConversation } from "./conversation.js";
import { parseStored } from "./storedConversation.js";

const maxConversations = 50;

/**
 * The conversations, each a JSON file in the extension's storage. Windows without a workspace share one storage, so
 * changes that another window made meanwhile are merged.
 */
export class ConversationStore {
  readonly #folder: vscode.Uri;
  readonly #onError: (error: unknown) => void;
  readonly #all = new Map<string, Conversation>();
  /**
   * An unreadable file must not be overwritten. Maps the ids of conversations with such a file to the names of the
   * files that are written instead.
   */
  readonly #aside = new Map<string, string>();
  /** Distinguishes the temporary files of windows that write at the same time. */
  readonly #window = randomUUID();
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: vscode.Uri, onError: (error: unknown) => void) {
    this.#folder = folder;
    this.#onError = onError;
  }

  /** All conversations, the newest first. */
  get all(): readonly Conversation[] {
    return [...this.#all.values()].sort((a, b) => b.changed - a.changed);
  }

  get(id: string): Conversation | undefined {
    return this.#all.get(id);
  }

  /** Creates an empty conversation, which is not stored until it has a message. */
  create(languageId: string): Conversation {
    return new Conversation({ id: randomUUID(), languageId, changed: Date.now(), nodes: [], shown: {} });
  }

  /** Reads all files. A file that is not a conversation is left alone and reported. */
  async load(): Promise<void> {
    const names = (await this.#names()).filter((name) => name.endsWith(".json"));
    await Promise.all(names.map((name) => this.#read(vscode.Uri.joinPath(this.#folder, name))));
  }

  /** Stores a conversation, or deletes it if it is empty. Only the fifty newest conversations are kept. */
  save(conversation: Conversation): Promise<void> {
    if (conversation.isEmpty) return this.delete(conversation.id);
    this.#all.set(conversation.id, conversation);
    return this.#enqueue(async () => {
      // Write a temporary file and rename it: if the window closes meanwhile, the old file remains.
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

  /** Runs writes one after the other, in order of arrival. */
  #enqueue(work: () => Promise<void>): Promise<void> {
    const next = this.#last.then(work).catch(this.#onError);
    this.#last = next;
    return next;
  }

  async #names(): Promise<string[]> {
    try {
      return (await vscode.workspace.fs.readDirectory(this.#folder)).map(([name]) => name);
    } catch {
      return []; // nothing was stored yet
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

  /**
   * Merges what another window wrote. If the file is unreadable, perhaps because a newer version wrote it, keeps it and
   * chooses another file name.
   */
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

  /** The name of a conversation's file, without its extension. */
  #nameOf(id: string): string {
    return this.#aside.get(id) ?? id;
  }

  #file(id: string): vscode.Uri {
    return vscode.Uri.joinPath(this.#folder, `${this.#nameOf(id)}.json`);
  }
}

/** @throws Error if the file cannot be read or does not contain a conversation. */
async function storedIn(file: vscode.Uri): Promise<StoredConversation> {
  return parseStored(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
}

function leftAsItIs(file: vscode.Uri, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return new Error(`${file.fsPath}: ${reason}; it is left as it is`, { cause: error });
}
