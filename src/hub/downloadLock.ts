import { randomUUID } from "node:crypto";
import { readlinkSync } from "node:fs";
import { open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import os from "node:os";
import { isRunning } from "../shared/runningProcess.js";

/** If the last heartbeat is older than this, the owner of the lock counts as dead. */
const staleMs = 20_000;
let renames = 0;

/** Lets only one process download a file, so that two windows, or a window and a terminal, do not fetch it twice. */
export class DownloadLock {
  readonly #file: string;
  readonly #id = randomUUID();
  readonly #heartbeatMs: number;
  readonly #lost = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  /** @param target the file that is downloaded. */
  constructor(target: string, heartbeatMs = 3000) {
    this.#file = `${target}.lock`;
    this.#heartbeatMs = heartbeatMs;
  }

  /** Aborted when another process has taken the lock, for instance while this process was suspended. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Takes the lock. @returns false if another process holds it. */
  async tryAcquire(): Promise<boolean> {
    if (!(await this.#create())) {
      if (!(await isStale(this.#file))) return false;
      await this.#removeStale();
      if (!(await this.#create())) return false;
    }
    this.#timer = setInterval(() => void this.#beat(), this.#heartbeatMs);
    this.#timer.unref();
    return true;
  }

  async #beat(): Promise<void> {
    if (await this.isHeld()) {
      const now = new Date();
      await utimes(this.#file, now, now).catch(() => undefined); // the next heartbeat notices a missing file
    } else {
      clearInterval(this.#timer);
      this.#lost.abort();
    }
  }

  /** Whether this process still has the lock. It loses the lock if another process assumes that this one is dead. */
  async isHeld(): Promise<boolean> {
    return (await ownerIn(this.#file))?.id === this.#id;
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    if (await this.isHeld()) await rm(this.#file, { force: true });
  }

  async #create(): Promise<boolean> {
    try {
      const handle = await open(this.#file, "wx");
      await handle.writeFile(JSON.stringify({ id: this.#id, pid: process.pid, host: machine() }));
      await handle.close();
      return true;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
      throw error;
    }
  }

  /** Renames a stale lock, then deletes it. The rename succeeds in only one process, even if several try. */
  async #removeStale(): Promise<void> {
    const aside = `${this.#file}.${process.pid}-${++renames}`;
    try {
      await rename(this.#file, aside);
    } catch {
      return; // another process has removed it
    }
    // Another process may have created a new lock between the check and the rename: restore it.
    if (await isStale(aside)) await rm(aside, { force: true });
    else await rename(aside, this.#file);
  }
}

async function isStale(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return false;
  if (Date.now() - found.mtimeMs > staleMs) return true;
  const owner = await ownerIn(file);
  return owner?.host === machine() && !isRunning(owner.pid);
}

/** Identifies the host and, on Linux, the PID namespace, because process ids are unique only within these. */
function machine(): string {
  try {
    return `${os.hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return os.hostname();
  }
}

interface Owner {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
}

/** The owner recorded in a lock file; undefined if the file is still being written or no longer exists. */
async function ownerIn(file: string): Promise<Owner | undefined> {
  try {
    const { id, pid, host } = JSON.parse(await readFile(file, "utf8")) as Partial<Owner>; // checked below
    return typeof id === "string" && typeof pid === "number" && typeof host === "string"
      ? { id, pid, host }
      : undefined;
  } catch {
    return undefined;
  }
}
