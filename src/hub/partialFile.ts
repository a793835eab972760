import { existsSync } from "node:fs";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";

/** What a part is a part of: a part is continued only with bytes of the same file. */
export interface PartRecord {
  /** Of the whole file; undefined if the source did not say. */
  readonly bytes: number | undefined;
  readonly sha256: string | undefined;
  /** The address that it was asked for at, before redirects: addresses that it redirects to expire. */
  readonly url: string;
  /** A strong entity tag that `url` gave; undefined if it gave none. */
  readonly etag: string | undefined;
}

/** A file that is being downloaded, `<file>.part`, and what it is a part of, `<file>.part.json`. */
export class PartialFile {
  readonly path: string;
  readonly #target: string;

  constructor(target: string) {
    this.#target = target;
    this.path = `${target}.part`;
  }

  /** Undefined if there is none, or nothing says what it is a part of. */
  async record(): Promise<PartRecord | undefined> {
    if (!existsSync(this.path)) return undefined;
    const text = await readFile(this.#recordPath, "utf8").catch(() => ""); // none: the part is of no use
    try {
      return recordIn(JSON.parse(text));
    } catch {
      return undefined; // cut off while it was written
    }
  }

  /** 0 if there is none. */
  async bytes(): Promise<number> {
    return (await stat(this.path).catch(() => undefined))?.size ?? 0;
  }

  /** Says what the next bytes are a part of, before there are any. */
  async begin(record: PartRecord): Promise<void> {
    await rm(this.path, { force: true });
    await writeFile(`${this.#recordPath}.new`, JSON.stringify(record));
    await rename(`${this.#recordPath}.new`, this.#recordPath);
    await writeFile(this.path, "");
  }

  /** The part is the whole file. */
  async finish(): Promise<void> {
    await rename(this.path, this.#target);
    await rm(this.#recordPath, { force: true });
  }

  async discard(): Promise<void> {
    for (const file of [this.path, this.#recordPath, `${this.#recordPath}.new`]) await rm(file, { force: true });
  }

  get #recordPath(): string {
    return `${this.path}.json`;
  }
}

function recordIn(value: unknown): PartRecord | undefined {
  const { bytes, sha256, url, etag } = (value ?? {}) as Readonly<Record<string, unknown>>; // looked at
  if (typeof url !== "string") return undefined;
  return {
    url,
    bytes: typeof bytes === "number" ? bytes : undefined,
    sha256: typeof sha256 === "string" ? sha256 : undefined,
    etag: typeof etag === "string" ? etag : undefined,
  };
}
