import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import * as vscode from "vscode";
import type { ServerStatistics } from "../../../src/shared/protocol.js";

export const workspace = process.env["RWKV_TEST_WORKSPACE"] ?? "";

/** Polls a function until it returns something other than undefined. @throws Error after `seconds`. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  seconds = 60,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
}

export async function statistics(): Promise<ServerStatistics | undefined> {
  return vscode.commands.executeCommand<ServerStatistics | undefined>("rwkvCode.statistics");
}

/** The server's process id; undefined if it does not respond within a few seconds. */
export async function serverPid(): Promise<number | undefined> {
  const look = async (): Promise<number | undefined> => (await statistics().catch(() => undefined))?.pid;
  return until("a server", look, 6).catch(() => undefined);
}

/** Waits until a model is loaded and nothing is being read. @returns the server's statistics at that time. */
export function ready(): Promise<ServerStatistics> {
  return until(
    "the model to be ready",
    async () => {
      const now = await statistics();
      return now?.status.kind === "ready" ? now : undefined;
    },
    200,
  );
}

export async function open(file: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path.join(workspace, file)));
  return vscode.window.showTextDocument(document);
}

export async function openNew(language: string, content: string): Promise<vscode.TextEditor> {
  const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language, content }));
  moveTo(editor, editor.document.lineCount - 1);
  return editor;
}

/** Puts the cursor at the end of a line. */
export function moveTo(editor: vscode.TextEditor, line: number): void {
  const { end } = editor.document.lineAt(line).range;
  editor.selection = new vscode.Selection(end, end);
  editor.revealRange(new vscode.Range(end, end));
}

export async function type(text: string): Promise<void> {
  await vscode.commands.executeCommand("type", { text });
}

/** Triggers ghost text and accepts all of it. @returns the inserted text. */
export async function acceptGhostText(editor: vscode.TextEditor): Promise<string> {
  const { document } = editor;
  const before = document.getText();
  const offset = document.offsetAt(editor.selection.active);
  await vscode.commands.executeCommand("editor.action.inlineSuggest.trigger");
  await until("ghost text", async () => {
    await vscode.commands.executeCommand("editor.action.inlineSuggest.commit");
    return document.getText() === before ? undefined : true;
  });
  return document.getText().slice(offset, offset + document.getText().length - before.length);
}

/** The number of requests that the server has completed; -1 while some are pending, which may still show ghost text. */
export async function answered(): Promise<number> {
  const { asked, shown, empty, cancelled } = (await statistics())?.requests ?? {
    asked: 0,
    shown: 0,
    empty: 0,
    cancelled: 0,
  };
  return asked === shown + empty + cancelled ? asked : -1;
}

interface CommandLineAnswer {
  readonly insertText: string;
  readonly start: number;
}

/** Runs `rwkv-code complete` from the installed extension at a position of a file in the workspace. */
export async function commandLine(
  file: string,
  line: number,
  character: number,
  engine: string,
): Promise<CommandLineAnswer> {
  const extension = vscode.extensions.getExtension("rwkv-code.rwkv-code");
  const cli = path.join(extension?.extensionPath ?? "", "dist/cli.js");
  const weights = engine.includes("int8") ? "int8" : "fp32";
  const place = `${file}:${line + 1}:${character + 1}`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [cli, "complete", place, "--json", "--threads", "1", "--weights", weights],
    { cwd: workspace, env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" } },
  );
  return JSON.parse(stdout) as CommandLineAnswer;
}
