import { randomUUID } from "node:crypto";
import { readlinkSync } from "node:fs";
import { open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import os from "node:os";

/** Without a heartbeat for so long the owner is gone, or cannot write any more. */
const staleMs = 20_000;
let renames = 0;

/** Who downloads a file: two windows, or a window and a terminal, do not fetch one file twice. */
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

  /** Aborted when another process has taken the lock, for instance after the machine slept. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** False while somebody else has it. */
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
      await utimes(this.#file, now, now).catch(() => undefined); // the next beat notices that it is gone
    } else {
      clearInterval(this.#timer);
      this.#lost.abort();
    }
  }

  /** False if another process took this one for dead. */
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

  /** Only one of several that see the same stale lock can rename it. */
  async #removeStale(): Promise<void> {
    const aside = `${this.#file}.${process.pid}-${++renames}`;
    try {
      await rename(this.#file, aside);
    } catch {
      return; // somebody else did
    }
    // Between the look and the rename somebody may have made a new one: it goes back.
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

/** The host and, on Linux, the namespace of process ids: elsewhere a process id means another process. */
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

/** Undefined while it is being written, or gone. */
async function ownerIn(file: string): Promise<Owner | undefined> {
  try {
    const { id, pid, host } = JSON.parse(await readFile(file, "utf8")) as Partial<Owner>; // looked at
    return typeof id === "string" && typeof pid === "number" && typeof host === "string"
      ? { id, pid, host }
      : undefined;
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0); // asks alone
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // somebody else's
  }
}
