import Module from "node:module";
import type * as vscode from "vscode";
import { CancellationTokenSource } from "vscode-languageserver/node";
import { dialogs, InputBox, QuickPick } from "./dialogs.js";
import { editorTypes, TabInputText, TabInputTextDiff } from "./editorTypes.js";
import { EventEmitter } from "./eventEmitter.js";
import { FakeEditor, Position, Range, Selection, SnippetString } from "./fakeEditor.js";
import { fakeFiles } from "./fakeFiles.js";
import { FakeUri } from "./fakeUri.js";

/**
 * A stand-in for the module `vscode`, which exists only in an extension host. It has the parts that stored
 * conversations, the chat and the commands use. Import it before anything that imports `vscode`.
 */

export { dialogs, TabInputText, TabInputTextDiff };

/** The document in the active editor. If `editor` is set, it is the active editor, and the other fields are ignored. */
export const active = { languageId: "typescript", text: "", name: "a.ts", editor: undefined as FakeEditor | undefined };

/** If `hasFocus`, a web page has the focus, so there is no active editor. */
export const page = { hasFocus: false };

/** The results of the editor's commands, by name. */
export const commandResults = new Map<string, unknown>();

/** The paths of the files in the workspace. */
export const workspaceFiles: string[] = [];

/** The paths of the workspace's folders. Without any, each path is in the workspace. */
export const folders: string[] = [];

export const notebooks: unknown[] = [];

/** The problems that `getDiagnostics` returns for any document. */
export const diagnostics: { readonly message: string; readonly range: Range; readonly severity: number }[] = [];

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

export function fileUri(name: string, scheme?: string): vscode.Uri {
  return new FakeUri(name, scheme) as unknown as vscode.Uri; // has all members that are used
}

const activeDocument = {
  get languageId() {
    return active.languageId;
  },
  get uri() {
    return new FakeUri(`/${active.name}`);
  },
  getText: () => active.text,
};

interface ListItem {
  readonly label: string;
  readonly description?: string;
}

interface InputOptions {
  readonly value?: string;
  readonly validateInput: (value: string) => string | undefined;
}

export const commandsOfEditor: string[] = [];

/** The arguments of the last command that had any. */
export const lastArguments: unknown[] = [];

export const editorVersion = { value: "1.0.0" };

const changeListeners = new Set<(event: unknown) => void>();

/**
 * Notifies listeners of a change to a document. If `contentChanges` is empty, only whether it has unsaved changes may
 * differ.
 */
export function fireEdit(document: unknown, contentChanges: readonly object[] = []): void {
  for (const listener of changeListeners) listener({ document, contentChanges });
}

/** The only item of the status bar. */
export const statusBarItem = { tooltip: "", text: "", show: () => undefined, dispose: () => undefined };

export const clipboard = { text: "" };

/** The visible editors, without the active one. */
export const visibleEditors: unknown[] = [];

export const editorDocuments: unknown[] = [];

/** Keyed by the URI of the shown document. */
export const editorsByUri = new Map<string, FakeEditor>();

/** Values of settings by their full names. The default of a setting that is not in `defaults` is `null`. */
export const settings = new Map<string, unknown>();
export const defaults = new Map<string, unknown>();
export const trust = { isTrusted: true };

/** URIs of the documents and files that were shown in an editor. */
export const shownDocuments: string[] = [];
/** For each entry of `shownDocuments`, the options with which it was shown. */
export const shownWith: (object | undefined)[] = [];

/** The number of registrations that are not disposed. */
export const registrations = { open: 0 };

function registered(): { readonly dispose: () => unknown } {
  registrations.open++;
  return { dispose: () => registrations.open-- };
}

async function opened(given: FakeUri | { readonly content?: string; readonly language?: string }) {
  if (!(given instanceof FakeUri)) {
    dialogs.opened.push(given);
    const { content = "", language = "plaintext" } = given;
    const editor = new FakeEditor(content, { languageId: language, name: `Untitled-${dialogs.opened.length}` });
    editorsByUri.set(String(editor.document.uri), editor);
    return editor.document;
  }
  const editor = editorsByUri.get(String(given));
  if (editor === undefined) throw new Error(`${String(given)} cannot be opened`);
  return editor.document;
}

const standIn = {
  ...editorTypes,
  CancellationTokenSource,
  Uri: FakeUri,
  EventEmitter,
  get version() {
    return editorVersion.value;
  },
  extensions: {
    all: [{ packageJSON: { contributes: { languages: [{ id: "typescript", aliases: ["TypeScript", "ts"] }] } } }],
  },
  env: {
    language: "en",
    remoteName: undefined,
    openExternal: async (uri: FakeUri) => {
      dialogs.changed.push(`open ${String(uri)}`);
      return true;
    },
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
    executeCommand: async (name: string, ...args: readonly unknown[]) => {
      if (args.length > 0) lastArguments.splice(0, lastArguments.length, ...args);
      dialogs.changed.push(name === "setContext" ? args.join(" = ") : name);
      return commandResults.get(name);
    },
  },
  languages: {
    getDiagnostics: () => diagnostics,
    getLanguages: async () => ["python", "go"],
    setTextDocumentLanguage: async () => undefined,
  },
  Position,
  Range,
  Selection,
  SnippetString,
  WorkspaceEdit: class {
    readonly edits: { readonly uri: FakeUri; readonly range: Range; readonly text: string }[] = [];

    replace(uri: FakeUri, range: Range, text: string): void {
      dialogs.changed.push("edit");
      this.edits.push({ uri, range, text });
    }
  },
  window: {
    showQuickPick: async (given: readonly (ListItem | string)[] | Promise<readonly (ListItem | string)[]>) => {
      const items = await given;
      const textOf = ({ label, description = "" }: ListItem): string => `${label} ${description}`.trim();
      dialogs.shown.push(...items.map((item) => (typeof item === "string" ? item : textOf(item))));
      const answer = dialogs.answers.shift() ?? dialogs.answer;
      return items.find((item) => (typeof item === "string" ? item : item.label) === answer);
    },
    createQuickPick: () => new QuickPick(),
    createInputBox: () => new InputBox(),
    showInputBox: async ({ value, validateInput }: InputOptions) => {
      const typed = dialogs.inputs.shift();
      const problem = validateInput(typed ?? value ?? "");
      if (problem !== undefined) dialogs.shown.push(problem);
      return problem === undefined ? typed : undefined;
    },
    showOpenDialog: async ({ title }: { readonly title: string }) => {
      dialogs.shown.push(title);
      const file = dialogs.files.shift();
      return file === undefined ? undefined : [file];
    },
    showTextDocument: async (given: FakeUri | { readonly uri: FakeUri }, options?: object) => {
      const { uri } = given instanceof FakeUri ? await opened(given) : given;
      shownDocuments.push(String(uri));
      shownWith.push(options);
      return editorsByUri.get(String(uri));
    },
    createTextEditorDecorationType: registered,
    tabGroups: {
      get all() {
        return dialogs.tabs.map((activeTab, i) => ({ activeTab, tabs: [activeTab], isActive: i === 0 }));
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
      const source = new CancellationTokenSource();
      const report = ({ message, increment = 0 }: { message: string; increment?: number }): void => {
        dialogs.shown.push(message);
        dialogs.increments.push(increment);
        if (dialogs.cancelsAt?.test(message) !== true) return;
        dialogs.cancelsAt = undefined;
        source.cancel();
      };
      return work({ report }, source.token);
    },
    visibleTextEditors: visibleEditors,
    get activeTextEditor() {
      if (page.hasFocus) return undefined;
      if (active.editor !== undefined) return active.editor;
      return {
        document: activeDocument,
        selection: new Selection(new Position(0, 0), new Position(0, 0)),
      };
    },
  },
  workspace: {
    textDocuments: editorDocuments,
    openTextDocument: opened,
    findFiles: async () => workspaceFiles.map((name) => new FakeUri(name)),
    get workspaceFolders() {
      return folders.length === 0 ? undefined : folders.map((folder) => ({ uri: new FakeUri(folder) }));
    },
    asRelativePath: ({ scheme, path }: FakeUri) => {
      if (folders.length === 0) return path.slice(1);
      const folder = folders.find((one) => scheme === "file" && path.startsWith(`${one}/`));
      return folder === undefined ? path : path.slice(folder.length + 1);
    },
    notebookDocuments: notebooks,
    onDidChangeTextDocument: (listener: (event: unknown) => void) => {
      changeListeners.add(listener);
      return { dispose: () => changeListeners.delete(listener) };
    },
    applyEdit: async ({ edits }: { readonly edits: readonly { uri: FakeUri; range: Range; text: string }[] }) => {
      for (const { uri, range, text } of edits) editorsByUri.get(String(uri))?.document.replace(range, text);
      return true;
    },
    registerTextDocumentContentProvider: registered,
    get isTrusted() {
      return trust.isTrusted;
    },
    getConfiguration: () => ({
      get: (name: string) => settings.get(name),
      inspect: (name: string) => ({ defaultValue: defaults.get(name) ?? null }),
      update: async (name: string, value: unknown) => {
        dialogs.changed.push(`${name} = ${String(value)}`);
      },
    }),
    fs: fakeFiles,
  },
};

type Load = (request: string, ...rest: readonly unknown[]) => unknown;
const loader = Module as unknown as { _load: Load }; // the only way to replace a module in Node 20
const load = loader._load;
loader._load = (request, ...rest) => (request === "vscode" ? standIn : load(request, ...rest));
