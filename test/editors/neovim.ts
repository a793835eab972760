import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { unpackedRoot, unpackNeovim } from "./debianNeovim.js";
import { until, versionOf, type Project } from "./project.js";

/** The command that starts Neovim, and its environment. */
export interface Installed {
  readonly command: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
}

const oldest = "0.12";

/** Finds the installed Neovim if it is new enough, otherwise Debian's. @returns the reason if neither is available. */
export function findNeovim(): Installed | string {
  const own = process.env["NEOVIM"] ?? "nvim";
  const version = versionOf(own, /^NVIM v(\d+\.\d+)/);
  if (version !== undefined && Number(version.split(".")[1]) >= Number(oldest.split(".")[1]))
    return { command: [own], env: {} };
  const problem = unpackNeovim();
  if (problem !== undefined) return `no Neovim ${oldest} was found (set NEOVIM to the path of one), and ${problem}`;
  const inRoot = (...parts: string[]): string => path.join(unpackedRoot, ...parts);
  const libraries = inRoot("usr/lib", process.arch === "arm64" ? "aarch64-linux-gnu" : "x86_64-linux-gnu");
  const loader = inRoot("usr", process.arch === "arm64" ? "lib/ld-linux-aarch64.so.1" : "lib64/ld-linux-x86-64.so.2");
  return {
    command: [loader, "--library-path", libraries, inRoot("usr/bin/nvim")],
    env: { VIMRUNTIME: inRoot("usr/share/nvim/runtime") },
  };
}

/** A headless Neovim. It handles keys that are sent through its socket like typed ones. */
export class Neovim {
  readonly #process: ChildProcess;
  readonly #ask: (...args: readonly string[]) => string;

  constructor({ command, env }: Installed, project: Project, configuration: string) {
    const [program, ...args] = command;
    const socket = path.join(project.folder, "nvim.sock");
    const options = { env: { ...project.env, ...env }, cwd: path.dirname(project.file) };
    const init = project.inHome("init.lua", configuration);
    const flags = ["--headless", "--listen", socket, "-n", "-i", "NONE", "-u", init];
    this.#process = spawn(program, [...args, ...flags, project.file], { ...options, stdio: "ignore" });
    this.#ask = (...asked) =>
      spawnSync(program, [...args, "--server", socket, ...asked], { ...options, encoding: "utf8" }).stdout;
  }

  /** Types keys, in Vim's notation. */
  type(keys: string): void {
    this.#ask("--remote-send", keys);
  }

  /** The value of a Lua expression. Undefined if it is nil, or if Neovim does not respond at the moment. */
  value(lua: string): unknown {
    const json = this.#ask("--remote-expr", `json_encode(luaeval("${lua.replaceAll('"', '\\"')}"))`).trim();
    return json === "" || json === "null" ? undefined : JSON.parse(json);
  }

  get lines(): readonly string[] {
    return (this.value("vim.api.nvim_buf_get_lines(0, 0, -1, false)") ?? []) as string[];
  }

  /** Waits for ghost text. @returns all its lines. */
  ghostText(patienceMs?: number): Promise<string> {
    const marks = "vim.api.nvim_buf_get_extmarks(0, -1, 0, -1, {details=true})";
    const look = (): string | undefined => {
      const shown = (this.value(marks) ?? []) as readonly Mark[];
      const text = shown.map(([, , , { virt_text: first = [], virt_lines: below = [] }]) =>
        [first, ...below].map((line) => line[0]?.[0]).join("\n"),
      );
      return text.join("") || undefined;
    };
    return until("ghost text", look, patienceMs);
  }

  /** Quits without saving. @returns the exit code. */
  async quit(): Promise<number | null> {
    const exited = once(this.#process, "exit");
    this.type("<Esc>:qa!<CR>");
    const [code] = (await exited) as [number | null];
    return code;
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }
}

type Chunk = readonly [text: string, ...highlight: unknown[]];
type Mark = readonly [id: number, row: number, column: number, { virt_text?: Chunk[]; virt_lines?: Chunk[][] }];
