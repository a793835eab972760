import type { LogOutputChannel } from "vscode";
import { inertText } from "../shared/inertText.js";

/**
 * Wraps a log so that each message is made inert and thus stays on one line, whatever text it quotes. Output of the
 * server process may have several lines and keeps its line breaks.
 * @param onError receives each error that is logged.
 */
export function inertLog(channel: LogOutputChannel, onError: (message: string) => void): LogOutputChannel {
  const lines = (text: string): string => text.split(/\r?\n/).map(inertText).join("\n");
  const written = (name: "append" | "appendLine" | "replace") => ({
    value: (text: string) => {
      channel[name](lines(text));
    },
  });
  const logged = (name: "trace" | "debug" | "info" | "warn" | "error") => ({
    value: (message: string | Error, ...args: readonly unknown[]) => {
      const [text = "", ...values] = [message, ...args].map((value) => inertText(String(value)));
      if (name === "error") onError([text, ...values].join(" "));
      channel[name](text, ...values);
    },
  });
  return Object.create(channel, {
    append: written("append"),
    appendLine: written("appendLine"),
    replace: written("replace"),
    trace: logged("trace"),
    debug: logged("debug"),
    info: logged("info"),
    warn: logged("warn"),
    error: logged("error"),
  }) as LogOutputChannel; // safe: everything that is not replaced here is inherited from the channel
}

/** Remembers the last errors for a bug report. */
export class LastErrors {
  static readonly #max = 10;
  readonly #messages: string[] = [];

  get messages(): readonly string[] {
    return this.#messages;
  }

  add(message: string): void {
    this.#messages.push(`${new Date().toISOString()} ${message}`);
    if (this.#messages.length > LastErrors.#max) this.#messages.shift();
  }
}
