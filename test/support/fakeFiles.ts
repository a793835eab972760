import fs from "node:fs/promises";
import type { FakeUri } from "./fakeUri.js";

/** A stand-in for `vscode.workspace.fs`, on the files of this machine. */
export const fakeFiles = {
  stat: async ({ path }: FakeUri) => {
    try {
      return { type: (await fs.stat(path)).isDirectory() ? 2 : 1 };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw Object.assign(new Error(message), { code: code === "ENOENT" ? "FileNotFound" : "Unknown" });
    }
  },
  isWritableFileSystem: (scheme: string) => scheme === "file",
  createDirectory: ({ path }: FakeUri) => fs.mkdir(path, { recursive: true }),
  readDirectory: async ({ path }: FakeUri) => (await fs.readdir(path)).map((name) => [name, 1]),
  readFile: ({ path }: FakeUri) => fs.readFile(path),
  writeFile: ({ path }: FakeUri, bytes: Uint8Array) => fs.writeFile(path, bytes),
  rename: (from: FakeUri, to: FakeUri) => fs.rename(from.path, to.path),
  delete: ({ path }: FakeUri) => fs.rm(path, { recursive: true }),
};
