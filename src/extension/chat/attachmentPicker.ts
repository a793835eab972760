import * as vscode from "vscode";
import { visibleText } from "../../shared/inertText.js";
import { workspacePath } from "../workspacePath.js";
import { lastEditor, type AttachmentSource } from "./attachmentSources.js";

/** Maximum number of listed files. Other files can be dropped on the view, or mentioned with `@` in the message. */
const maxFiles = 5_000;

interface SourceItem extends vscode.QuickPickItem {
  /** Undefined for separators. */
  readonly source?: AttachmentSource;
}

/**
 * Shows a list from which the user picks what to attach. A button in the list allows picking several entries.
 * @param isExcluded whether a file must never be read; such files are not listed.
 * @returns the chosen sources; empty if the user cancelled.
 */
export async function pickAttachments(isExcluded: (uri: vscode.Uri) => boolean): Promise<readonly AttachmentSource[]> {
  const { t } = vscode.l10n;
  const picker = vscode.window.createQuickPick<SourceItem>();
  picker.title = t("Attach to the Message");
  picker.placeholder = t("Files, symbols, the selection or problems");
  const several = { iconPath: new vscode.ThemeIcon("checklist"), tooltip: t("Select Several") };
  picker.buttons = [several];
  picker.onDidTriggerButton(() => {
    picker.canSelectMany = true;
    picker.buttons = [];
  });
  picker.matchOnDescription = true;
  const near = nearItems(isExcluded);
  picker.items = near;
  picker.busy = true;
  const picked = new Promise<readonly AttachmentSource[]>((resolve) => {
    picker.onDidAccept(() => {
      resolve(picker.selectedItems.flatMap(({ source }) => source ?? []));
    });
    picker.onDidHide(() => {
      resolve([]);
    });
  });
  picker.show();
  void farItems(near, isExcluded).then((far) => {
    const checked = picker.selectedItems;
    picker.items = [...near, ...far];
    if (picker.canSelectMany) picker.selectedItems = checked;
    picker.busy = false;
  });
  const sources = await picked;
  picker.dispose();
  return sources;
}

/** Items that are available immediately: the selection, problems and open files. */
function nearItems(isExcluded: (uri: vscode.Uri) => boolean): SourceItem[] {
  const { t } = vscode.l10n;
  const editor = lastEditor();
  const items: SourceItem[] = [];
  if (editor !== undefined && !isExcluded(editor.document.uri)) {
    const { document, selection } = editor;
    const description = pathOf(document.uri);
    if (!selection.isEmpty) {
      items.push({ label: `$(list-selection) ${t("Selection")}`, description, source: { kind: "selection", editor } });
    }
    if (vscode.languages.getDiagnostics(document.uri).length > 0) {
      items.push({ label: `$(warning) ${t("Problems")}`, description, source: { kind: "problems", document } });
    }
  }
  const open = openFiles().filter((uri) => !isExcluded(uri));
  return [...items, ...group(t("Open Editors"), open.map(fileItem))];
}

/** Items that must be looked up: the symbols of the active file and the files of the workspace. */
async function farItems(
  near: readonly SourceItem[],
  isExcluded: (uri: vscode.Uri) => boolean,
): Promise<readonly SourceItem[]> {
  const { t } = vscode.l10n;
  const [symbols, files] = await Promise.all([
    symbolItems(isExcluded),
    vscode.workspace.findFiles("**/*", undefined, maxFiles),
  ]);
  const listed = new Set(near.map(({ source }) => (source?.kind === "file" ? source.uri.toString() : "")));
  const others = files.filter((uri) => !listed.has(uri.toString()) && !isExcluded(uri));
  const sorted = others.map(fileItem).sort((a, b) => a.label.localeCompare(b.label));
  return [...group(t("Symbols of This File"), symbols), ...group(t("Files"), sorted)];
}

async function symbolItems(isExcluded: (uri: vscode.Uri) => boolean): Promise<SourceItem[]> {
  const document = lastEditor()?.document;
  if (document === undefined || isExcluded(document.uri)) return [];
  const symbols = await symbolsOf(document);
  return symbols.map(({ name, detail, range }) => ({
    label: `$(symbol-method) ${visibleText(name)}`,
    description: visibleText(detail),
    source: { kind: "symbol", document, name, range },
  }));
}

/** All symbols of a document, outer ones first; empty if no language service provides them as a tree. */
export async function symbolsOf(document: vscode.TextDocument): Promise<readonly vscode.DocumentSymbol[]> {
  const found = await vscode.commands.executeCommand<
    readonly (vscode.DocumentSymbol | vscode.SymbolInformation)[] | undefined
  >("vscode.executeDocumentSymbolProvider", document.uri);
  const flat = (symbols: readonly vscode.DocumentSymbol[]): readonly vscode.DocumentSymbol[] =>
    symbols.flatMap((symbol) => [symbol, ...flat(symbol.children)]);
  return flat((found ?? []).filter((symbol) => "children" in symbol));
}

function openFiles(): readonly vscode.Uri[] {
  const inputs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ input }) => input));
  const uris = inputs.flatMap((input) => (input instanceof vscode.TabInputText ? [input.uri] : []));
  return [...new Map(uris.map((uri) => [uri.toString(), uri])).values()];
}

function fileItem(uri: vscode.Uri): SourceItem {
  const name = visibleText(uri.path.split("/").at(-1) ?? "");
  const path = pathOf(uri);
  return { label: `$(file) ${name}`, description: path === name ? "" : path, source: { kind: "file", uri } };
}

function pathOf(uri: vscode.Uri): string {
  return visibleText(workspacePath(uri));
}

function group(label: string, items: readonly SourceItem[]): readonly SourceItem[] {
  return items.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...items];
}
