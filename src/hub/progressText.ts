import type { Translate } from "../shared/translate.js";
import type { DownloadProgress } from "./remoteFile.js";
import { sizeText } from "./sizeText.js";

/** The progress of a download, in one line. */
export function progressText(progress: DownloadProgress, t: Translate): string {
  switch (progress.kind) {
    case "connecting":
      return t("connecting…");
    case "checking":
      return t("checking {0} of {1}", sizeText(progress.bytes), sizeText(progress.totalBytes));
    case "elsewhere":
      return t("another window is downloading it: {0}", amountText(progress, t));
    case "waiting":
      return t("{0} does not answer now; trying again in {1} s", progress.host, progress.seconds);
    case "receiving":
      return [amountText(progress, t), ...rateTexts(progress, t)].join(" · ");
  }
}

interface Amount {
  readonly bytes: number;
  readonly totalBytes: number | undefined;
}

function amountText({ bytes, totalBytes }: Amount, t: Translate): string {
  return totalBytes === undefined ? sizeText(bytes) : t("{0} of {1}", sizeText(bytes), sizeText(totalBytes));
}

function rateTexts(
  { bytes, totalBytes, bytesPerSecond }: Amount & { readonly bytesPerSecond: number | undefined },
  t: Translate,
): string[] {
  if (bytesPerSecond === undefined || bytesPerSecond <= 0) return [];
  const rate = t("{0}/s", sizeText(bytesPerSecond));
  return totalBytes === undefined ? [rate] : [rate, timeText((totalBytes - bytes) / bytesPerSecond, t)];
}

function timeText(seconds: number, t: Translate): string {
  if (seconds < 90) return t("{0} s left", Math.ceil(seconds));
  const minutes = Math.ceil(seconds / 60);
  return minutes < 90 ? t("{0} min left", minutes) : t("{0} h left", Math.ceil(minutes / 60));
}
