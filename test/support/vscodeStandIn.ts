import fs from "node:fs/promises";
import Module from "node:module";
import path from "node:path";
import type * as vscode from "vscode";
import { CancellationTokenSource } from "vscode-languageserver/node";

/**
 * A stand-in for the module `vscode`, which exists only in an extension host: the parts that stored conversations, the
 * chat and commands use. Import it before anything that imports `vscode`.
 */

/** The document in the active editor. */
export const active = { languageId: "typescript", text: "", name: "a.ts" };

/** The messages that were shown, and the user's answer: a button, or nothing. */
export const dialogs = {
  shown: [] as string[],
  answer: undefined as string | undefined,
  /** Buttons that the user presses besides, each once. */
  presses: [] as string[],
  /** Changed settings, executed commands, applied edits. */
  changed: [] as string[],
  /** Visible tabs, the active one first: each shows a text or a diff. */
  tabs: [] as { readonly input: unknown }[],
  reset(answer?: string): void {
    this.shown = [];
    this.changed = [];
    this.tabs = [];
    this.answer = answer;
    this.presses = [];
  },
};

function shows(
  message: string,
  ...rest: readonly (string | { readonly detail: string })[]
): Promise<string | undefined> {
  dialogs.shown.push(message, ...rest.flatMap((one) => (typeof one === "string" ? [] : [one.detail])));
  const { answer, presses } = dialogs;
  const pressed = presses.findIndex((button) => rest.includes(button));
  if (pressed >= 0) return Promise.resolve(presses.splice(pressed, 1)[0]);
  return Promise.resolve(answer !== undefined && rest.includes(answer) ? answer : undefined);
}

/** A list with an input box, in which the user takes the first entry by the answer "Enter". */
class QuickPick {
  value = "";
  items: readonly { readonly label: string }[] = [];
  activeItems: readonly { readonly label: string }[] = [];
  readonly #accept: (() => void)[] = [];
  readonly #hide: (() => void)[] = [];

  onDidAccept = (listener: () => void): void => void this.#accept.push(listener);
  onDidHide = (listener: () => void): void => void this.#hide.push(listener);
  onDidChangeValue = (): void => undefined;
  onDidTriggerItemButton = (): void => undefined;
  hide = (): void => undefined;
  dispose = (): void => undefined;

  show(): void {
    dialogs.shown.push(this.value, ...this.items.map(({ label }) => label));
    this.activeItems = this.items.slice(0, 1);
    for (const listener of dialogs.answer === "Enter" ? this.#accept : this.#hide) listener();
  }
}

export class TabInputTextDiff {
  readonly modified: unknown;

  constructor(modified: unknown) {
    this.modified = modified;
  }
}

class FileUri {
  readonly scheme: string;
  readonly path: string;

  constructor(path: string, scheme = "file") {
    this.path = path;
    this.scheme = scheme;
  }

  static file(name: string): FileUri {
    return new FileUri(name);
  }

  static parse(uri: string): FileUri {
    const [scheme = "", name = ""] = uri.split("://");
    return new FileUri(name, scheme);
  }

  static joinPath(base: FileUri, ...parts: readonly string[]): FileUri {
    return new FileUri(path.join(base.path, ...parts));
  }

  get fsPath(): string {
    return this.path;
  }

  toString(): string {
    return `${this.scheme}://${this.path}`;
  }
}

export function fileUri(name: string, scheme?: string): vscode.Uri {
  return new FileUri(name, scheme) as unknown as vscode.Uri; // has the members that are used
}

const activeDocument = {
  get languageId() {
    return active.languageId;
  },
  get uri() {
    return new FileUri(`/${active.name}`);
  },
  getText: () => active.text,
};

interface ListItem {
  readonly label: string;
  readonly description?: string;
}

/** The editor's built-in commands. */
export const commandsOfEditor: string[] = [];

const changeListeners = new Set<(event: unknown) => void>();

/** Notifies listeners that a document has changed. */
export function fireEdit(document: unknown): void {
  for (const listener of changeListeners) listener({ document, contentChanges: [] });
}

const place = { line: 0, character: 0 };
function Nothing(): void {
  throw new Error("no test makes one");
}

/** Base classes of the language client's own classes. */
const extended = {
  CallHierarchyItem: Nothing,
  CodeAction: Nothing,
  CodeLens: Nothing,
  CompletionItem: Nothing,
  Diagnostic: Nothing,
  DocumentLink: Nothing,
  InlayHint: Nothing,
  SymbolInformation: Nothing,
  TypeHierarchyItem: Nothing,
  CancellationError: Nothing,
};

/** The one item of the status bar. */
export const statusBarItem = { tooltip: "", text: "", show: () => undefined, dispose: () => undefined };

export const clipboard = { text: "" };

/** Values of settings by their full names; each has the default `null`. */
export const settings = new Map<string, unknown>();
export const trust = { isTrusted: true };

const standIn = {
  ...extended,
  CancellationTokenSource,
  ConfigurationTarget: { Global: 1, Workspace: 2 },
  Uri: FileUri,
  EventEmitter: class {
    readonly event = (): void => undefined;
    readonly fire = (): void => undefined;
    readonly dispose = (): void => undefined;
  },
  LanguageModelTextPart: class {
    readonly value: string;
    constructor(value: string) {
      this.value = value;
    }
  },
  ProgressLocation: { Notification: 15 },
  ThemeIcon: Set, // none is looked at
  QuickPickItemKind: { Separator: -1 },
  StatusBarAlignment: { Right: 2 },
  ThemeColor: Map, // nothing of one is looked at
  version: "1.0.0",
  extensions: {
    all: [{ packageJSON: { contributes: { languages: [{ id: "typescript", aliases: ["TypeScript", "ts"] }] } } }],
  },
  env: {
    language: "en",
    remoteName: undefined,
    clipboard: {
      writeText: async (text: string) => {
        clipboard.text = text;
      },
    },
  },
  l10n: {
    t: (text: string, ...values: readonly (string | number)[]) =>
      text.replace(/\{(\d)\}/g, (place, digit: string) => String(values[Number(digit)] ?? place)),
  },
  commands: {
    getCommands: async () => commandsOfEditor,
    executeCommand: async (name: string) => {
      dialogs.changed.push(name);
    },
  },
  InlineCompletionTriggerKind: { Invoke: 0, Automatic: 1 },
  Range: class {
    readonly start: unknown;
    readonly end: unknown;
    constructor(start: unknown, end: unknown) {
      this.start = start;
      this.end = end;
    }
  },
  TabInputText: Map, // none is used
  TabInputTextDiff,
  WorkspaceEdit: class {
    replace(): void {
      dialogs.changed.push("edit");
    }
  },
  window: {
    showQuickPick: async (items: readonly ListItem[]) => {
      dialogs.shown.push(...items.map(({ label, description = "" }) => `${label} ${description}`.trim()));
      return items.find(({ label }) => label === dialogs.answer);
    },
    createQuickPick: () => new QuickPick(),
    showTextDocument: async () => undefined,
    tabGroups: {
      get all() {
        return dialogs.tabs.map((activeTab) => ({ activeTab, tabs: [activeTab] }));
      },
      get activeTabGroup() {
        return { activeTab: dialogs.tabs[0] };
      },
      onDidChangeTabs: () => ({ dispose: () => undefined }),
    },
    createStatusBarItem: () => statusBarItem,
    showErrorMessage: shows,
    showWarningMessage: shows,
    showInformationMessage: shows,
    withProgress: (options: { title: string }, work: (progress: object, token: object) => unknown) => {
      dialogs.shown.push(options.title);
      const report = ({ message }: { message: string }): void => void dialogs.shown.push(message);
      return work({ report }, new CancellationTokenSource().token);
    },
    visibleTextEditors: [],
    get activeTextEditor() {
      return {
        document: activeDocument,
        selection: { start: place, end: place, isEmpty: true },
      };
    },
  },
  workspace: {
    /** The open documents. */
    textDocuments: [] as unknown[],
    asRelativePath: ({ path }: FileUri) => path.slice(1),
    onDidChangeTextDocument: (listener: (event: unknown) => void) => {
      changeListeners.add(listener);
      return { dispose: () => changeListeners.delete(listener) };
    },
    applyEdit: async () => true,
    registerTextDocumentContentProvider: () => ({ dispose: () => undefined }),
    get isTrusted() {
      return trust.isTrusted;
    },
    getConfiguration: () => ({
      get: (name: string) => settings.get(name),
      inspect: (name: string) => (settings.has(name) ? { defaultValue: null } : undefined),
      update: async (name: string, value: unknown) => {
        dialogs.changed.push(`${name} = ${String(value)}`);
      },
    }),
    fs: {
      isWritableFileSystem: (scheme: string) => scheme === "file",
      createDirectory: ({ path }: FileUri) => fs.mkdir(path, { recursive: true }),
      readDirectory: async ({ path }: FileUri) => (await fs.readdir(path)).map((name) => [name, 1]),
      readFile: ({ path }: FileUri) => fs.readFile(path),
      writeFile: ({ path }: FileUri, bytes: Uint8Array) => fs.writeFile(path, bytes),
      rename: (from: FileUri, to: FileUri) => fs.rename(from.path, to.path),
      delete: ({ path }: FileUri) => fs.rm(path, { recursive: true }),
    },
  },
};

type Load = (request: string, ...rest: readonly unknown[]) => unknown;
const loader = Module as unknown as { _load: Load }; // the only way that works for `require` in Node 20
const load = loader._load;
loader._load = (request, ...rest) => (request === "vscode" ? standIn : load(request, ...rest));
