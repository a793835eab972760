import { download, receivedBytes } from "./download.js";
import { fastestFirst } from "./fastestSource.js";
import type { ModelFiles } from "./modelFiles.js";
import type { DownloadOptions, RemoteFile } from "./remoteFile.js";

/**
 * Downloads what a model needs into a folder: the vocabulary lies beside the weights then, where the importer finds it.
 * @returns the path of the weights. @throws DownloadError; the signal's reason.
 */
export async function downloadModel(
  { weights, vocabulary }: ModelFiles,
  folder: string,
  options: DownloadOptions,
): Promise<string> {
  options.onProgress?.({ kind: "connecting" });
  if (vocabulary !== undefined) {
    // It is small: the progress that is shown is that of the weights.
    await download(vocabulary, folder, { ...options, onProgress: () => undefined });
  }
  // An import writes the weights once more.
  const reservedBytes = weights.bytes ?? 0;
  return download(await ordered(weights, folder, options.signal), folder, { reservedBytes, ...options });
}

/** A part is continued from where it came from, if its hash is not known. */
async function ordered(file: RemoteFile, folder: string, signal: AbortSignal): Promise<RemoteFile> {
  if (file.sha256 === undefined && (await receivedBytes(folder, file.name)) > 0) return file;
  return { ...file, urls: await fastestFirst(file.urls, signal) };
}
