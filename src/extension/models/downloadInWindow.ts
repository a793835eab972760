import * as vscode from "vscode";
import { DownloadError } from "../../hub/downloadError.js";
import { downloadModel } from "../../hub/downloadModel.js";
import { receivedBytes } from "../../hub/download.js";
import { failureText, partText } from "../../hub/failureText.js";
import type { ModelFiles } from "../../hub/modelFiles.js";
import { progressText } from "../../hub/progressText.js";
import type { DownloadOptions, DownloadProgress } from "../../hub/remoteFile.js";
import { showError, showInformation, withProgress, type Progress } from "../notifications.js";

export interface WindowDownload {
  /** The model's name in notifications. */
  readonly title: string;
  readonly files: ModelFiles;
  readonly folder: string;
  readonly tokenFor: NonNullable<DownloadOptions["tokenFor"]>;
  /** Deletes the files that were downloaded so far. */
  readonly discard: () => Promise<void>;
  /** Called with each failure that is shown to the user. */
  readonly onFailure: (reason: string) => void;
}

/**
 * Downloads a model with a progress notification. If it is cancelled or fails, the user can continue or discard it.
 * @returns the weights file; undefined if the user gave up, or another window has downloaded the model.
 */
export async function downloadInWindow(download: WindowDownload): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const { title, files, folder, discard, onFailure } = download;
  for (;;) {
    const result = await attempt(download);
    if (result.kind === "done") return result.file;
    if (result.kind === "elsewhere") {
      void showInformation(`RWKV Code: ${t("Another window has downloaded {0} and offers it there.", title)}`);
      return undefined;
    }
    if (result.kind === "failed") onFailure(result.reason);
    const bytes = await receivedBytes(folder, files.weights.name);
    const discarding = t("Discard");
    const again = bytes > 0 ? t("Continue") : t("Try Again");
    const buttons = bytes > 0 ? [again, discarding] : [again];
    const picked =
      result.kind === "cancelled"
        ? bytes === 0
          ? undefined
          : await showInformation(
              `RWKV Code: ${t("The download of {0} was stopped.", title)} ${partText(bytes, t)}`,
              ...buttons,
            )
        : await showError(`RWKV Code: ${result.reason} ${partText(bytes, t)}`, ...buttons);
    if (picked === discarding) await discard();
    if (picked !== again) return undefined;
  }
}

type Attempt =
  | { readonly kind: "done"; readonly file: string }
  /** Another window has downloaded the model and offers it there. */
  | { readonly kind: "elsewhere" }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly reason: string };

/** @throws any error other than a DownloadError. */
async function attempt({ title, files, folder, tokenFor }: WindowDownload): Promise<Attempt> {
  const { t } = vscode.l10n;
  return withProgress(t("Downloading {0}", title), async (progress, cancellation) => {
    const abort = new AbortController();
    cancellation.onCancellationRequested(() => {
      abort.abort(new Error("cancelled"));
    });
    try {
      const last: { kind: DownloadProgress["kind"] } = { kind: "connecting" };
      const show = shownBy(progress);
      const onProgress = (state: DownloadProgress): void => {
        if (state.kind !== "checking") last.kind = state.kind;
        show(state);
      };
      const file = await downloadModel(files, folder, { signal: abort.signal, onProgress, tokenFor });
      return last.kind === "elsewhere" ? { kind: "elsewhere" } : { kind: "done", file };
    } catch (error) {
      if (abort.signal.aborted) return { kind: "cancelled" };
      if (error instanceof DownloadError) return { kind: "failed", reason: failureText(error.failure, t) };
      throw error;
    }
  });
}

function shownBy(progress: Progress): (state: DownloadProgress) => void {
  let percent = 0;
  return (state) => {
    const isAmount = state.kind === "receiving" || state.kind === "elsewhere";
    const now = isAmount && state.totalBytes !== undefined ? (100 * state.bytes) / state.totalBytes : percent;
    progress.report({ message: progressText(state, vscode.l10n.t), increment: Math.max(0, now - percent) });
    percent = Math.max(percent, now);
  };
}
