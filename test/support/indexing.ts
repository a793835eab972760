import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { TokenId } from "../../src/core/model.js";
import { bytesTokenizer } from "../../src/rwkv/tokenizers/bytes.js";
import { RealFolder } from "../../src/workspace/realFolder.js";
import { WorkspaceIndexer, type IndexerOptions } from "../../src/workspace/workspaceIndexer.js";

export const ids = (text: string): TokenId[] => [...Buffer.from(text)] as TokenId[];

/** Writes files into a folder. @param files the texts by path. */
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

/** An indexer for the subfolder `w` of a folder. It stores its index in the subfolder `kept`. */
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

/** The characters that follow some text in the indexed files, sorted. */
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
