import type { DocumentSession } from "../../src/core/completion/documentSession.js";
import { BackgroundReader } from "../../src/core/states/backgroundReader.js";
import type { BackgroundReaderOptions } from "../../src/core/states/backgroundReaderOptions.js";
import type { TestInference } from "./testInference.js";

export interface BackgroundReading {
  readonly reader: BackgroundReader<DocumentSession>;
  /** Resolves the next time that there is nothing left to read. */
  readonly idle: () => Promise<void>;
}

/** A background reader that starts at once after an edit. Its errors are thrown. */
export function backgroundReading(
  inference: TestInference,
  options: Partial<BackgroundReaderOptions<DocumentSession>> = {},
): BackgroundReading {
  let onIdle = (): void => undefined;
  const reader = new BackgroundReader<DocumentSession>(inference, {
    quietMs: 0,
    maxGapTokens: () => 1000,
    onProgress: (session) => {
      if (session === undefined) onIdle();
    },
    onError: (error) => {
      throw error;
    },
    ...options,
  });
  return { reader, idle: () => new Promise((resolve) => (onIdle = resolve)) };
}
