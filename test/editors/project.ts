import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { root } from "../support/paths.js";

export const above = "export function add(first: number, second: number): number {\n  return first + second;\n}\n\n";
/** The start of a line that the embedded model completes with confidence. */
export const typed = "export function subtract(first: number,";

/** A temporary folder that contains a home folder, a folder for PATH with `rwkv-code`, and a project with one file. */
export class Project {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-editor-"));
  readonly file = path.join(this.folder, "project/a.ts");
  readonly env: NodeJS.ProcessEnv;

  constructor() {
    const bin = path.join(this.folder, "bin");
    // Neovim sometimes warns at its first start if the folder of its log does not exist.
    const folders = ["home/.local/state/nvim", "project/.git"].map((name) => path.join(this.folder, name));
    for (const folder of [bin, ...folders]) mkdirSync(folder, { recursive: true });
    writeFileSync(this.file, above);
    const program = path.join(bin, "rwkv-code");
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${path.join(root, "dist/cli.js")}" "$@"\n`);
    chmodSync(program, 0o755);
    const home = path.join(this.folder, "home");
    this.env = {
      PATH: `${bin}:${process.env["PATH"]}`,
      HOME: home,
      XDG_RUNTIME_DIR: home,
      TERM: "xterm",
      LANG: "C.UTF-8",
    };
  }

  /** Writes a file into the home folder. @returns its path. */
  inHome(name: string, text: string): string {
    const file = path.join(this.folder, "home", name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** The contents of a file in the home folder; empty if it does not exist. */
  textInHome(name: string): string {
    const file = path.join(this.folder, "home", name);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The first code block in a language below a heading of docs/EDITORS.md, so that tests use exactly what users copy. */
export function documentedConfiguration(heading: string, language: string): string {
  const page = readFileSync(path.join(root, "docs/EDITORS.md"), "utf8");
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
  const [, block] = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "m").exec(section) ?? [];
  if (block === undefined) throw new Error(`docs/EDITORS.md has no block of ${language} below ${heading}`);
  return block;
}

/** Polls until `look` returns a value. @throws Error that names `what`, after `patienceMs`. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  patienceMs = 30_000,
): Promise<T> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`waited ${patienceMs / 1000} s for ${what}`);
    await setTimeout(20);
  }
}

/** The version that a program prints; undefined if it prints none. */
export function versionOf(program: string, pattern: RegExp): string | undefined {
  const { status, stdout } = spawnSync(program, ["--version"], { encoding: "utf8" });
  return status === 0 ? pattern.exec(stdout)?.[1] : undefined;
}
