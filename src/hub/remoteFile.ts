/** A file of a hub, and where it can be had. */
export interface RemoteFile {
  /** What it is called on disk. */
  readonly name: string;
  /** Addresses before redirects, the preferred one first. */
  readonly urls: readonly string[];
  readonly bytes?: number | undefined;
  /** In hex. */
  readonly sha256?: string | undefined;
}

/** What is being done about a file. */
export type DownloadProgress =
  | { readonly kind: "connecting" }
  | {
      readonly kind: "receiving";
      readonly bytes: number;
      readonly totalBytes: number | undefined;
      readonly bytesPerSecond: number | undefined;
    }
  /** Bytes that are there already are read for the hash. */
  | { readonly kind: "checking"; readonly bytes: number; readonly totalBytes: number }
  /** Another window or a terminal downloads it. */
  | { readonly kind: "elsewhere"; readonly bytes: number; readonly totalBytes: number | undefined }
  | { readonly kind: "waiting"; readonly host: string; readonly seconds: number };

/** When a connection counts as dead, and when it is tried again. */
export interface DownloadTiming {
  readonly stallMs: number;
  /** Before each attempt without a new byte; one more failure ends the download. */
  readonly retryDelaysMs: readonly number[];
  /** The longest that a hub may have us wait (Retry-After). */
  readonly maxWaitMs: number;
}

export const defaultTiming: DownloadTiming = {
  stallMs: 30_000,
  retryDelaysMs: [1000, 2000, 4000, 8000, 15_000, 30_000],
  maxWaitMs: 600_000,
};

export interface DownloadOptions {
  /** Aborting keeps the part. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** The access token for a host, if the user gave one. */
  readonly tokenFor?: (host: string) => PromiseLike<string | undefined>;
  /** Bytes that have to be free on the disk beside the file. */
  readonly reservedBytes?: number;
  readonly timing?: DownloadTiming;
}
