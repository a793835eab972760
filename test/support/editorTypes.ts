/** Classes and enumerations of the module `vscode` without behavior, for the stand-in of that module. */

export class TabInputText {
  readonly uri: unknown;

  constructor(uri: unknown) {
    this.uri = uri;
  }
}

export class TabInputTextDiff {
  readonly modified: unknown;

  constructor(modified: unknown) {
    this.modified = modified;
  }
}

function Nothing(): void {
  throw new Error("no test makes one");
}

export const editorTypes = {
  // vscode-languageclient has classes that extend these, so they must exist when it is loaded.
  CallHierarchyItem: Nothing,
  CodeLens: Nothing,
  CompletionItem: Nothing,
  Diagnostic: Nothing,
  DocumentLink: Nothing,
  InlayHint: Nothing,
  SymbolInformation: Nothing,
  TypeHierarchyItem: Nothing,
  CancellationError: Nothing,
  CodeAction: class {
    readonly title: string;
    constructor(title: string) {
      this.title = title;
    }
  },
  CodeActionKind: { QuickFix: "quickfix" },
  TabInputText,
  TabInputTextDiff,
  ConfigurationTarget: { Global: 1, Workspace: 2 },
  ExtensionMode: { Production: 1, Development: 2, Test: 3 },
  NotebookCellKind: { Markup: 1, Code: 2 },
  ProgressLocation: { Notification: 15 },
  QuickPickItemKind: { Separator: -1 },
  StatusBarAlignment: { Right: 2 },
  InlineCompletionTriggerKind: { Invoke: 0, Automatic: 1 },
  TextEditorRevealType: { InCenter: 1 },
  ViewColumn: { Active: -1, Beside: -2 },
  FileType: { File: 1, Directory: 2 },
  EndOfLine: { LF: 1, CRLF: 2 },
  SymbolKind: { Class: 4, Method: 5, Constructor: 8, Enum: 9, Interface: 10, Function: 11, Variable: 12, Struct: 22 },
  DiagnosticSeverity: { 0: "Error", 1: "Warning" },
  ThemeIcon: Set, // any class will do, as no test looks at icons
  ThemeColor: Set, // any class will do, as no test looks at colors
  LanguageModelTextPart: class {
    readonly value: string;
    constructor(value: string) {
      this.value = value;
    }
  },
};
