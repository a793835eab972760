import type * as vscode from "vscode";
import { TextDocument } from "vscode-languageserver-textdocument";
import { FakeUri } from "./fakeUri.js";

/** A stand-in for VS Code's class, with the members that the extension uses. */
export class Position {
  readonly line: number;
  readonly character: number;

  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }

  translate(lines: number, characters: number): Position {
    return new Position(this.line + lines, this.character + characters);
  }

  isEqual(other: Position): boolean {
    return this.line === other.line && this.character === other.character;
  }

  isAfter(other: Position): boolean {
    return this.line > other.line || (this.line === other.line && this.character > other.character);
  }
}

export class Range {
  readonly start: Position;
  readonly end: Position;

  constructor(start: Position | number, end: Position | number, endLine?: number, endCharacter?: number) {
    this.start = typeof start === "number" ? new Position(start, Number(end)) : start;
    this.end = typeof end === "number" ? new Position(endLine ?? 0, endCharacter ?? 0) : end;
  }

  get isEmpty(): boolean {
    return !this.end.isAfter(this.start);
  }

  contains(other: Range): boolean {
    return !this.start.isAfter(other.start) && !other.end.isAfter(this.end);
  }

  intersection(other: Range): Range | undefined {
    const start = this.start.isAfter(other.start) ? this.start : other.start;
    const end = this.end.isAfter(other.end) ? other.end : this.end;
    return start.isAfter(end) ? undefined : new Range(start, end);
  }
}

export class Selection extends Range {
  readonly active: Position;

  constructor(anchor: Position, active: Position) {
    super(anchor.isAfter(active) ? active : anchor, anchor.isAfter(active) ? anchor : active);
    this.active = active;
  }

  isEqual(other: Selection): boolean {
    return this.start.isEqual(other.start) && this.end.isEqual(other.end) && this.active.isEqual(other.active);
  }
}

/** In `value`, ║ marks the tab stop, where the cursor ends up. */
export class SnippetString {
  value = "";

  appendText(text: string): this {
    this.value += text;
    return this;
  }

  appendTabstop(): this {
    this.value += "║";
    return this;
  }
}

export interface EditorOptions {
  readonly languageId?: string;
  readonly name?: string;
  readonly isReadOnly?: boolean;
  readonly insertSpaces?: boolean;
}

/**
 * An editor for the text `marked`, in which ║ is the cursor, or « and » enclose the selection. Records the undo stops
 * of its edits.
 */
export class FakeEditor {
  readonly document: FakeDocument;
  readonly options: { readonly insertSpaces: boolean; readonly tabSize: number };
  readonly edits: { readonly undoStopBefore?: boolean; readonly undoStopAfter?: boolean }[] = [];
  readonly viewColumn = 1;
  selections: readonly Selection[];
  revealed: Range | undefined;
  decorated: readonly Range[] = [];
  /** Called before an edit is made. */
  beforeEdit: () => void = () => undefined;
  readonly #isReadOnly: boolean;

  constructor(marked: string, { languageId, name, isReadOnly = false, insertSpaces = true }: EditorOptions = {}) {
    const at = [...marked.matchAll(/[║«»]/g)].map(({ index }, count) => index - count);
    this.document = new FakeDocument(marked.replace(/[║«»]/g, ""), languageId, name);
    const [start = 0, end = start] = at;
    this.selections = [new Selection(this.document.positionAt(start), this.document.positionAt(end))];
    this.#isReadOnly = isReadOnly;
    this.options = { insertSpaces, tabSize: 2 };
  }

  get selection(): Selection {
    return this.selections[0]!;
  }

  set selection(selection: Selection) {
    this.selections = [selection];
  }

  async edit(build: (edit: unknown) => void, stops: FakeEditor["edits"][number] = {}): Promise<boolean> {
    this.beforeEdit();
    build({
      replace: (range: Range, text: string) => {
        if (!this.#isReadOnly) this.document.replace(range, text);
      },
    });
    this.edits.push(stops);
    return true;
  }

  /**
   * Inserts a snippet as VS Code does: its lines get the first line's indentation, and tabs become the indentation
   * unit.
   */
  async insertSnippet(
    { value }: SnippetString,
    at: Position,
    stops: FakeEditor["edits"][number] = {},
  ): Promise<boolean> {
    const [indent = ""] = /^\s*/.exec(this.document.lineAt(at.line).text) ?? [];
    const unit = this.options.insertSpaces ? " ".repeat(this.options.tabSize) : "\t";
    const text = value.replaceAll("\n", `\n${indent}`).replaceAll("\t", unit);
    const cursor = this.document.offsetAt(at) + text.indexOf("║");
    this.document.replace(new Range(at, at), text.replace("║", ""));
    this.selection = new Selection(this.document.positionAt(cursor), this.document.positionAt(cursor));
    this.edits.push(stops);
    return true;
  }

  revealRange(range: Range): void {
    this.revealed = range;
  }

  setDecorations(_: unknown, ranges: readonly Range[]): void {
    this.decorated = ranges;
  }

  /** The text, with ║ at the cursor. */
  get marked(): string {
    const text = this.document.getText();
    const at = this.document.offsetAt(this.selection.active);
    return `${text.slice(0, at)}║${text.slice(at)}`;
  }

  get asEditor(): vscode.TextEditor {
    return this as unknown as vscode.TextEditor; // has all members that are used
  }
}

export class FakeDocument {
  readonly uri: FakeUri;
  version = 1;
  #document: TextDocument;

  constructor(text: string, languageId = "typescript", name = "a.ts") {
    this.uri = FakeUri.file(`/${name}`);
    // In VS Code all lines of a document have the same line ending.
    const content = text.includes("\r\n") ? text.replace(/\r?\n/g, "\r\n") : text;
    this.#document = TextDocument.create(`file:///${name}`, languageId, 1, content);
  }

  get languageId(): string {
    return this.#document.languageId;
  }

  get eol(): number {
    return this.getText().includes("\r\n") ? 2 : 1;
  }

  get lineCount(): number {
    return this.#document.lineCount;
  }

  getText(range?: Range): string {
    return this.#document.getText(range);
  }

  lineAt(line: number): { readonly text: string; readonly range: Range } {
    const text = this.getText().split(/\r?\n/)[line] ?? "";
    return { text, range: new Range(line, 0, line, text.length) };
  }

  offsetAt(position: Position): number {
    return this.#document.offsetAt(position);
  }

  positionAt(offset: number): Position {
    const { line, character } = this.#document.positionAt(offset);
    return new Position(line, character);
  }

  /** Replaces a range. In a document with CRLF, line feeds become CRLF, as in VS Code. */
  replace(range: Range, text: string): void {
    const newText = this.eol === 2 ? text.replace(/\r?\n/g, "\r\n") : text;
    this.#document = TextDocument.update(this.#document, [{ range, text: newText }], ++this.version);
  }
}
