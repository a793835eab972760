import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { root } from "../support/paths.js";
import { randomFrom } from "../support/random.js";
import { RawClient } from "../support/rawClient.js";

export interface KillOptions {
  readonly seed: number;
  readonly kills: number;
}

export interface KillRun {
  readonly kills: number;
  /** Files that a server created, changed or removed in its home or temporary folder, or among the program's files. */
  readonly changedFiles: readonly string[];
  /** Processes that still ran a few seconds after their servers were killed; 0 on systems other than Linux. */
  readonly orphans: number;
}

/** The maximum time from a server's start until it is killed. By then, its model has been loaded for some time. */
const maxLifeMs = 1200;
const maxOrphanMs = 5000;

/** Starts servers one after the other, keeps each one busy, and kills it at a random moment. */
export async function killServers({ seed, kills }: KillOptions): Promise<KillRun> {
  const random = randomFrom(seed);
  const home = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-kills-"));
  const mark = `RWKV_CODE_KILLS_${process.pid}_${seed}`;
  try {
    const files = (): Map<string, string> =>
      new Map([home, path.join(root, "dist"), path.join(root, "models")].flatMap((folder) => [...filesOf(folder)]));
    const before = files();
    for (let i = 0; i < kills; i++) {
      const client = new RawClient(undefined, { HOME: home, TMPDIR: home, XDG_CACHE_HOME: home, [mark]: "1" });
      const killed = after(random.below(maxLifeMs)).then(() => client.child.kill("SIGKILL"));
      await work(client).catch(() => undefined); // fails when the server is killed
      await killed;
      await client.exited;
    }
    const end = performance.now() + maxOrphanMs;
    while (processesWith(mark) > 0 && performance.now() < end) await after(100);
    const now = files();
    const changed = [...new Set([...before.keys(), ...now.keys()])].filter(
      (file) => before.get(file) !== now.get(file),
    );
    return { kills, changedFiles: changed, orphans: processesWith(mark) };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function work(client: RawClient): Promise<void> {
  await client.initialize({ initializationOptions: { threads: 1 } });
  for (let i = 0; !client.isGone; i++) {
    const uri = `file:///p/${i % 3}.ts`;
    client.open(uri, "export const value = compute(1, 2);\n".repeat(500));
    await client.complete(uri, 200, 8);
    const settings = { rwkvCode: { checkpointMemoryMB: 32 + (i % 2) } };
    client.notify("workspace/didChangeConfiguration", { settings }); // reloads the model
  }
}

function* filesOf(folder: string): Generator<[string, string]> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const { size, mtimeMs } = statSync(file);
    yield [file, `${size} ${mtimeMs}`];
  }
}

/** Counts the running processes that have a certain environment variable; 0 on systems other than Linux. */
function processesWith(variable: string): number {
  if (process.platform !== "linux") return 0;
  const environments = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return environments.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "latin1").includes(`${variable}=`);
    } catch {
      return false; // the process has exited, or belongs to another user
    }
  }).length;
}
