import { rmdir } from "node:fs/promises";
import { download, receivedBytes } from "./download.js";
import { fastestFirst } from "./fastestSource.js";
import type { ModelFiles } from "./modelFiles.js";
import type { DownloadOptions, RemoteFile } from "./remoteFile.js";

/**
 * Downloads a model's files into a folder. The vocabulary is stored next to the weights, where the importer finds it.
 * If the download fails before it has received anything, the folder is removed.
 * @returns the path of the weights. @throws DownloadError, or the signal's reason.
 */
export async function downloadModel(files: ModelFiles, folder: string, options: DownloadOptions): Promise<string> {
  try {
    return await downloadFiles(files, folder, options);
  } catch (error) {
    await rmdir(folder).catch(() => undefined); // fails if the folder is not empty or does not exist
    throw error;
  }
}

async function downloadFiles(
  { weights, vocabulary }: ModelFiles,
  folder: string,
  options: DownloadOptions,
): Promise<string> {
  options.onProgress?.({ kind: "connecting" });
  if (vocabulary !== undefined) {
    // The vocabulary is small, so only the progress of the weights is shown.
    await download(vocabulary, folder, { ...options, onProgress: () => undefined });
  }
  // The import needs space for a second copy of the weights.
  const reservedBytes = weights.bytes ?? 0;
  return download(await ordered(weights, folder, options.signal), folder, { reservedBytes, ...options });
}

/**
 * Puts the fastest source first. If there is a part and the file's hash is unknown, keeps the order, because only the
 * source that the part came from can continue it.
 */
async function ordered(file: RemoteFile, folder: string, signal: AbortSignal): Promise<RemoteFile> {
  if (file.sha256 === undefined && (await receivedBytes(folder, file.name)) > 0) return file;
  return { ...file, urls: await fastestFirst(file.urls, signal) };
}
