import type * as vscode from "vscode";
import { visibleText } from "../../shared/inertText.js";
import { workspacePath } from "../workspacePath.js";
import type { PromptDocument } from "./prompts.js";
import type { SelectedText } from "./selectedText.js";

export function promptDocument({ uri, languageId }: vscode.TextDocument): PromptDocument {
  return { file: visibleText(workspacePath(uri, false)), language: visibleText(languageId) };
}

export function selectedIn(document: vscode.TextDocument, range: vscode.Range): SelectedText {
  return { text: document.getText(range), offset: document.offsetAt(range.start), before: document.getText() };
}
