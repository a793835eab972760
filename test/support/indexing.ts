import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { TokenId } from "../../src/core/model.js";
import { bytesTokenizer } from "../../src/rwkv/tokenizers/bytes.js";
import { RealFolder } from "../../src/workspace/realFolder.js";
import { WorkspaceIndexer, type IndexerOptions } from "../../src/workspace/workspaceIndexer.js";

export const ids = (text: string): TokenId[] => [...Buffer.from(text)] as TokenId[];

/** @param files the texts of the files by their paths in `folder` */
export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

/** The `RealFolder` of a path. @throws Error if there is no such folder. */
export async function realFolder(folder: string): Promise<RealFolder> {
  const real = await RealFolder.of(folder);
  if (real === undefined) throw new Error(`${folder} does not exist`);
  return real;
}

const tokenizer = bytesTokenizer([]);

/** An indexer for `folder`/w that stores its index in `folder`/kept. Its errors are thrown. */
export function indexerOf(folder: string, options: Partial<IndexerOptions> = {}): WorkspaceIndexer {
  return new WorkspaceIndexer({
    tokenizer,
    folders: [path.join(folder, "w")],
    isExcluded: () => false,
    storage: path.join(folder, "kept"),
    step: (work) => Promise.resolve(work()),
    onError: (error) => {
      throw error;
    },
    onLeftOut: (message) => {
      throw new Error(message);
    },
    ...options,
  });
}

/** The characters that follow occurrences of the text `read` in the indexed files, sorted. */
export function follows({ index }: WorkspaceIndexer, folder: string, read: string): string {
  const found: string[] = [];
  index
    .sourceFor(path.join(folder, "w/none.ts"), () => false)
    .forEachMatch(ids(read), (next) => found.push(String.fromCharCode(next)));
  return found.sort().join("");
}

/** Starts an indexer and waits until it has finished. */
export async function started(folder: string, options: Partial<IndexerOptions> = {}): Promise<WorkspaceIndexer> {
  const indexer = indexerOf(folder, options);
  indexer.start();
  await indexer.settled();
  return indexer;
}
