import type { LogOutputChannel } from "vscode";
import { inertText } from "../shared/inertText.js";

/**
 * Makes each message inert, so that it stays on one line whatever it quotes. Output of the server process arrives in
 * several lines and keeps its line ends.
 */
export function inertLog(channel: LogOutputChannel): LogOutputChannel {
  const lines = (text: string): string => text.split(/\r?\n/).map(inertText).join("\n");
  const written = (name: "append" | "appendLine" | "replace") => ({
    value: (text: string) => {
      channel[name](lines(text));
    },
  });
  const logged = (name: "trace" | "debug" | "info" | "warn" | "error") => ({
    value: (message: string | Error, ...args: readonly unknown[]) => {
      channel[name](inertText(String(message)), ...args.map((value) => inertText(String(value))));
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
