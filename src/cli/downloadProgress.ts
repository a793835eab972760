import { progressText } from "../hub/progressText.js";
import type { DownloadProgress } from "../hub/remoteFile.js";
import { inertText } from "../shared/inertText.js";
import { untranslated } from "../shared/translate.js";

const barWidth = 24;
const lineEveryMs = 5000;

/**
 * Shows the progress of a download on standard error: as a bar on a terminal, otherwise as a line every few seconds.
 */
export class DownloadProgressBar {
  readonly #stream: NodeJS.WriteStream;
  #lastLineMs = -Infinity;
  #isDrawn = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  show(progress: DownloadProgress): void {
    const text = inertText(`${bar(progress)}${progressText(progress, untranslated)}`);
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\u001b[K${text.slice(0, Math.max(20, this.#stream.columns - 1))}`);
      this.#isDrawn = true;
      return;
    }
    if (progress.kind === "connecting") return;
    const isLast = progress.kind === "receiving" && progress.bytes === progress.totalBytes;
    if (!isLast && performance.now() - this.#lastLineMs < lineEveryMs) return;
    this.#lastLineMs = performance.now();
    this.#stream.write(`${text}\n`);
  }

  /** Ends the progress line, so that the next output starts a new line. */
  end(): void {
    if (this.#isDrawn) this.#stream.write("\n");
    this.#isDrawn = false;
  }
}

function bar(progress: DownloadProgress): string {
  if (progress.kind !== "receiving" || progress.totalBytes === undefined) return "";
  const share = progress.bytes / progress.totalBytes;
  const filled = Math.floor(barWidth * share);
  return `[${"#".repeat(filled)}${".".repeat(barWidth - filled)}] ${String(Math.floor(100 * share)).padStart(3)} %  `;
}
