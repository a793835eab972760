// Pauses a training run that training/background.sh has started, so that it does not disturb measurements. The run
// continues when this process exits.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { root } from "./run.mjs";

/** Pauses the training run. Does nothing if there is none. */
export function pauseTraining() {
  const state = process.env["XDG_STATE_HOME"] || path.join(os.homedir(), ".local/state");
  let work;
  try {
    work = readFileSync(path.join(state, "rwkv-code/training"), "utf8").trim();
  } catch {
    return;
  }
  const pause = [path.join(root, "training/background.sh"), work, "pause", String(process.pid)];
  const { status } = spawnSync("bash", pause, { stdio: "inherit" });
  if (status !== 0) console.error(`the training run in ${work} could not be paused: it may disturb the measurement`);
}
