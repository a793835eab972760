/** A file to download, and its addresses on the hubs. */
export interface RemoteFile {
  /** Name on disk. */
  readonly name: string;
  /** Addresses before redirects, in order of preference. */
  readonly urls: readonly string[];
  readonly bytes?: number | undefined;
  /** Hash in hex. */
  readonly sha256?: string | undefined;
}

/** The state of a download in progress. */
export type DownloadProgress =
  | { readonly kind: "connecting" }
  | {
      readonly kind: "receiving";
      readonly bytes: number;
      readonly totalBytes: number | undefined;
      readonly bytesPerSecond: number | undefined;
    }
  /** Bytes that were received earlier are being hashed. */
  | { readonly kind: "checking"; readonly bytes: number; readonly totalBytes: number }
  /** Another process, in another window or in a terminal, is downloading the file. */
  | { readonly kind: "elsewhere"; readonly bytes: number; readonly totalBytes: number | undefined }
  | { readonly kind: "waiting"; readonly host: string; readonly seconds: number };

/** When a connection counts as dead, and when to retry. */
export interface DownloadTiming {
  readonly stallMs: number;
  /**
   * The delay before each retry. After an attempt that received bytes, the list starts over. A failure after the last
   * retry is final.
   */
  readonly retryDelaysMs: readonly number[];
  /** Longest wait that a hub may request (Retry-After). */
  readonly maxWaitMs: number;
}

export const defaultTiming: DownloadTiming = {
  stallMs: 30_000,
  retryDelaysMs: [1000, 2000, 4000, 8000, 15_000, 30_000],
  maxWaitMs: 600_000,
};

export interface DownloadOptions {
  /** Aborts the download. The part that was received is kept. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** The access token for a host, if the user gave one. */
  readonly tokenFor?: (host: string) => PromiseLike<string | undefined>;
  /** Free disk space required in addition to the file's size. */
  readonly reservedBytes?: number;
  readonly timing?: DownloadTiming;
}
