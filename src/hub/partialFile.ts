import { existsSync } from "node:fs";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";

/** Identifies the file that a part belongs to. Only bytes of the same file may be appended to the part. */
export interface PartRecord {
  /** Size of the whole file; undefined if the source did not report it. */
  readonly bytes: number | undefined;
  readonly sha256: string | undefined;
  /** The address before redirects, because the address that a hub redirects to expires. */
  readonly url: string;
  /** The strong entity tag in the response; undefined if there was none. */
  readonly etag: string | undefined;
}

/** A file that is being downloaded, `<file>.part`, and its record, `<file>.part.json`. */
export class PartialFile {
  readonly path: string;
  readonly #target: string;

  constructor(target: string) {
    this.#target = target;
    this.path = `${target}.part`;
  }

  /** The stored record; undefined if there is no part or no valid record. */
  async record(): Promise<PartRecord | undefined> {
    if (!existsSync(this.path)) return undefined;
    // Without a record, the part cannot be continued.
    const text = await readFile(this.#recordPath, "utf8").catch(() => "");
    try {
      return recordIn(JSON.parse(text));
    } catch {
      return undefined; // the record is missing or incomplete
    }
  }

  /** Size of the part; 0 if there is none. */
  async bytes(): Promise<number> {
    return (await stat(this.path).catch(() => undefined))?.size ?? 0;
  }

  /** Starts an empty part and writes its record first, so that a part never lacks its record. */
  async begin(record: PartRecord): Promise<void> {
    await rm(this.path, { force: true });
    await writeFile(`${this.#recordPath}.new`, JSON.stringify(record));
    await rename(`${this.#recordPath}.new`, this.#recordPath);
    await writeFile(this.path, "");
  }

  /** Renames the part to the file and deletes the record. Call when the part is complete. */
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
  const { bytes, sha256, url, etag } = (value ?? {}) as Readonly<Record<string, unknown>>; // checked below
  if (typeof url !== "string") return undefined;
  return {
    url,
    bytes: typeof bytes === "number" ? bytes : undefined,
    sha256: typeof sha256 === "string" ? sha256 : undefined,
    etag: typeof etag === "string" ? etag : undefined,
  };
}
