/** Why a file could not be downloaded from a hub. */
export type DownloadFailure =
  | { readonly kind: "notAnAddress"; readonly given: string }
  | { readonly kind: "insecure"; readonly url: string }
  | { readonly kind: "gone"; readonly url: string; readonly status: number }
  | { readonly kind: "denied"; readonly host: string; readonly status: number }
  | { readonly kind: "noWeights"; readonly repository: string }
  /** According to the catalogue, none of the hubs that the user chose has the file. */
  | { readonly kind: "notThere"; readonly name: string; readonly hosts: string }
  | { readonly kind: "webPage"; readonly host: string }
  | { readonly kind: "redirects"; readonly host: string }
  /** The hub announces a file whose hash differs from the catalogue's. */
  | { readonly kind: "replaced"; readonly host: string }
  | { readonly kind: "wrongSize"; readonly expectedBytes: number; readonly bytes: number }
  | { readonly kind: "wrongHash" }
  /** Another process assumed that this one was dead and continued the download, or deleted the part. */
  | { readonly kind: "takenOver" }
  | { readonly kind: "diskFull"; readonly folder: string; readonly missingBytes: number | undefined }
  | { readonly kind: "unwritable"; readonly folder: string; readonly code: string }
  | { readonly kind: "proxy"; readonly host: string }
  | { readonly kind: "certificate"; readonly host: string; readonly code: string }
  /** `host` lists all hosts that could not be reached. */
  | { readonly kind: "offline"; readonly host: string }
  | { readonly kind: "unreachable"; readonly host: string; readonly code: string }
  | { readonly kind: "interrupted"; readonly host: string }
  | { readonly kind: "stalled"; readonly host: string; readonly seconds: number }
  /** The signed address that the hub redirected to is no longer valid. */
  | { readonly kind: "expired"; readonly host: string; readonly status: number }
  | { readonly kind: "rateLimited"; readonly host: string; readonly retryAfterMs: number | undefined }
  | { readonly kind: "serverError"; readonly host: string; readonly status: number }
  | { readonly kind: "unexpected"; readonly host: string; readonly status: number };

export class DownloadError extends Error {
  readonly failure: DownloadFailure;

  constructor(failure: DownloadFailure) {
    super(failure.kind);
    this.name = "DownloadError";
    this.failure = failure;
  }
}

/** Failures after which the same request may succeed a little later. */
const passing: ReadonlySet<DownloadFailure["kind"]> = new Set([
  "offline",
  "unreachable",
  "interrupted",
  "stalled",
  "expired",
  "rateLimited",
  "serverError",
]);

export function isPassing({ kind }: DownloadFailure): boolean {
  return passing.has(kind);
}

/** Failures that concern only one source of a file: the download may succeed from another source. */
const ofSource: ReadonlySet<DownloadFailure["kind"]> = new Set([
  ...passing,
  "gone",
  "denied",
  "webPage",
  "redirects",
  "replaced",
  "wrongSize",
  "certificate",
  "unexpected",
  "insecure",
]);

export function isOfSource({ kind }: DownloadFailure): boolean {
  return ofSource.has(kind);
}
