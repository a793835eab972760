import type { LogOutputChannel } from "vscode";
import { inertText } from "../shared/inertText.js";

/**
 * The channel with each message made inert: one line each, whatever it quotes. What the server's process writes comes in
 * stretches of lines and stays lines.
 */
export function inertLog(channel: LogOutputChannel): LogOutputChannel {
  const lines = (text: string): string => text.split(/\r?\n/).map(inertText).join("\n");
  const written = (name: "append" | "appendLine" | "replace") => ({
    value: (text: string) => {
      channel[name](lines(text));
    },
  });
  const logged = (name: "trace" | "debug" | "info" | "warn" | "error") => ({
    value: (message: string | Error, ...rest: readonly unknown[]) => {
      channel[name](inertText(String(message)), ...rest.map((value) => inertText(String(value))));
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
  }) as LogOutputChannel; // all that is not replaced here is the channel's own
}
