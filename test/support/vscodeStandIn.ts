import fs from "node:fs/promises";
import Module from "node:module";
import path from "node:path";
import type * as vscode from "vscode";
import { CancellationTokenSource } from "vscode-languageserver/node";

/**
 * Stands in for the module `vscode`, which only an extension host has: what keeping conversations and talking need of it.
 * To be imported before what imports that module.
 */

/** The document in the active editor. */
export const active = { languageId: "typescript", text: "", name: "a.ts" };

class FileUri {
  readonly scheme = "file";
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get fsPath(): string {
    return this.path;
  }

  toString(): string {
    return `file://${this.path}`;
  }
}

export function fileUri(name: string): vscode.Uri {
  return new FileUri(name) as unknown as vscode.Uri; // what is looked at is there
}

const place = { line: 0, character: 0 };
const standIn = {
  CancellationTokenSource,
  ConfigurationTarget: { Global: 1, Workspace: 2 },
  Uri: { joinPath: (base: FileUri, ...parts: readonly string[]) => new FileUri(path.join(base.path, ...parts)) },
  l10n: { t: (text: string) => text },
  window: {
    visibleTextEditors: [],
    get activeTextEditor() {
      const { languageId, text, name } = active;
      return {
        document: { languageId, uri: new FileUri(`/${name}`), getText: () => text },
        selection: { start: place, end: place, isEmpty: true },
      };
    },
  },
  workspace: {
    fs: {
      createDirectory: ({ path }: FileUri) => fs.mkdir(path, { recursive: true }),
      readDirectory: async ({ path }: FileUri) => (await fs.readdir(path)).map((name) => [name, 1]),
      readFile: ({ path }: FileUri) => fs.readFile(path),
      writeFile: ({ path }: FileUri, bytes: Uint8Array) => fs.writeFile(path, bytes),
      rename: (from: FileUri, to: FileUri) => fs.rename(from.path, to.path),
      delete: ({ path }: FileUri) => fs.rm(path),
    },
  },
};

type Load = (request: string, ...rest: readonly unknown[]) => unknown;
const loader = Module as unknown as { _load: Load }; // Node has no other way that works for `require` in version 20
const load = loader._load;
loader._load = (request, ...rest) => (request === "vscode" ? standIn : load(request, ...rest));
