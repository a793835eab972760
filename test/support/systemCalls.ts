import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { ServerProgram } from "./lspServer.js";
import { root } from "./paths.js";

/** The reason why system calls cannot be observed on this machine; false if they can. */
export const skipWithoutStrace = ((): string | false => {
  if (process.platform !== "linux") return "system calls can be observed only on Linux";
  const { error, status, stderr } = spawnSync("strace", ["-f", "true"], { encoding: "utf8" });
  if (error !== undefined) return "strace was not found";
  return status === 0 ? false : `strace may not trace here: ${stderr.trim().split("\n")[0] ?? ""}`;
})();

const traced = ["network", "?open", "openat", "?openat2", "?creat", "?mkdir", "mkdirat"].join();

/** Runs a program from dist/ under strace, with its own home and temporary folders. */
export class ObservedProgram implements ServerProgram {
  readonly file = "strace";
  readonly args: readonly string[];
  /** Passes on only PATH: a variable such as `CI` changes what onnxruntime does, for example its telemetry. */
  readonly env: NodeJS.ProcessEnv;
  readonly #home: string;
  readonly #log: string;

  constructor(folder: string, name: string, args: readonly string[]) {
    this.#log = path.join(folder, `${name}.strace`);
    this.#home = path.join(folder, `${name}-home`);
    const temporary = path.join(this.#home, "tmp");
    mkdirSync(temporary, { recursive: true });
    this.env = { PATH: process.env["PATH"], HOME: this.#home, TMPDIR: temporary };
    const options = ["-f", "--seccomp-bpf", "-qq", "-s", "4096", "-e", `trace=${traced}`, "-o", this.#log];
    this.args = [...options, process.execPath, ...args];
  }

  /** Runs the program to completion. @returns its exit status and standard error. */
  run(): Promise<{ readonly status: number | null; readonly stderr: string }> {
    const child = spawn(this.file, this.args, { cwd: root, env: this.env, stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status) => {
        resolve({ status, stderr });
      });
    });
  }

  /** Parses the program's system calls. Call after it has exited. */
  observed(): ObservedCalls {
    const calls = readFileSync(this.#log, "utf8").split("\n");
    const filesAtHome = readdirSync(this.#home, { recursive: true, encoding: "utf8" });
    return {
      sockets: calls.filter((call) => /\bsocket\(/.test(call) && !/\bsocket\(AF_UNIX,/.test(call)),
      identities: calls.filter((call) => call.includes("machine-id")),
      written: [...new Set(calls.flatMap(writtenPath))].filter((file) => file !== "/dev/null"),
      left: filesAtHome.filter((file) => file !== "tmp"),
      opened: calls.flatMap((call) => /\bopen(?:at2?)?\(.*?"(.*?)"/.exec(call)?.[1] ?? []),
    };
  }
}

export interface ObservedCalls {
  /** Calls that opened a socket other than a Unix domain socket. */
  readonly sockets: readonly string[];
  /** Calls that mention the machine's id (/etc/machine-id). */
  readonly identities: readonly string[];
  /** Paths, except /dev/null, that were opened for writing or created as folders. */
  readonly written: readonly string[];
  /** Files that remain in the program's home folder, including its temporary folder. */
  readonly left: readonly string[];
  /** Files that the program opened or tried to open. */
  readonly opened: readonly string[];
}

function writtenPath(call: string): string[] {
  const file = /"(.*?)"/.exec(call)?.[1];
  const writes = /\b(creat|mkdir|mkdirat)\(/.test(call) || /\bO_(WRONLY|RDWR|CREAT|APPEND|TRUNC)\b/.test(call);
  return writes && file !== undefined ? [file] : [];
}

/** The onnxruntime library among the files that a program has opened; undefined if it loaded none. */
export const onnxruntimeLibrary = (opened: readonly string[]): string | undefined =>
  opened.find((file) => file.includes("libonnxruntime") && existsSync(file));
