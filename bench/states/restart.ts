// Measures the time from a restart of the server to its first completion, in a long file that has not changed. The
// completions are at places all over the file, two at each place with a restart before each: the first time, the
// session before ended elsewhere; the second time, it ended at the same place.
// npm run build && npm run bench:restart [-- --lines 10000 --runs 7 --model FOLDER --json]
// With another version of Node.js, such as that of VS Code: PATH_TO_NODE out/bench/states-restart.js
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { quantile } from "../../src/core/statistics.js";
import { compiledCodeEnvironment } from "../../src/extension/compiledCode.js";
import type { ServerStatistics } from "../../src/shared/protocol.js";
import { RawClient } from "../../test/support/rawClient.js";
import { cpuMs } from "./cpuTime.js";
import { longFile, longFileUri } from "./longFile.js";
import { tableHead } from "./tableHead.js";

const { values: options } = parseArgs({
  options: {
    lines: { type: "string", default: "10000" },
    runs: { type: "string", default: "7" },
    model: { type: "string", default: "" },
    json: { type: "boolean", default: false },
  },
});
const uri = longFileUri;
const lines = longFile(Number(options.lines));

/** The times of a restart, and the kind of state from which the completion started. */
interface Restart {
  readonly place: "new" | "same as before";
  /** From the start of the process until it begins to load the model. */
  readonly startMs: number;
  readonly loadMs: number;
  /** From the end of loading the model to the completion. */
  readonly answerMs: number;
  /** CPU time of the server in that interval; 0 if it cannot be measured on this system. */
  readonly answerCpuMs: number;
  /** From the start of the process to the completion, without the time to load the model. */
  readonly totalMs: number;
  /** CPU time of the server from its start to the completion, without loading the model. */
  readonly totalCpuMs: number;
  readonly source: string;
  readonly tokensRead: number;
  readonly line: number;
}

async function main(): Promise<void> {
  const storagePath = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-restart-"));
  try {
    await readWholly(storagePath);
    const restarts: Restart[] = [];
    for (let run = 0; run < Number(options.runs); run++) {
      const line = Math.floor((lines.length * (run + 1)) / (Number(options.runs) + 1));
      restarts.push({ place: "new", ...(await restarted(storagePath, line)) });
      restarts.push({ place: "same as before", ...(await restarted(storagePath, line)) });
    }
    if (options.json) console.log(JSON.stringify(restarts));
    else print(restarts);
  } finally {
    rmSync(storagePath, { recursive: true });
  }
}

async function opened(client: RawClient, storagePath: string): Promise<void> {
  const initializationOptions = { statusNotifications: true, storagePath, modelPath: options.model, threads: 1 };
  await client.initialize({ initializationOptions });
  client.open(uri, lines.join("\n"), "javascript");
  client.notify("textDocument/didFocus", { textDocument: { uri } });
}

/** Waits until the server has read the whole file. Then shuts the server down, so that it stores its states. */
async function readWholly(storagePath: string): Promise<void> {
  const client = startedClient(storagePath);
  await opened(client, storagePath);
  for (;;) {
    const [document] = (await statistics(client)).documents;
    if (document !== undefined && document.tokensRead >= document.tokens - 64) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await client.shutDown();
}

/** Starts a server that keeps its compiled code across restarts, like the extension's server. */
function startedClient(storagePath: string): RawClient {
  return new RawClient(["serve", "--stdio"], compiledCodeEnvironment(path.join(storagePath, "compiled"), "this"));
}

async function restarted(storagePath: string, line: number): Promise<Omit<Restart, "place">> {
  const spawnedMs = performance.now();
  const client = startedClient(storagePath);
  const at = async (kind: string): Promise<number> => {
    await client.waitFor(
      ({ method, params }) => method === "rwkv/status" && (params as { kind: string }).kind === kind,
    );
    return performance.now();
  };
  const cpu = (): number => (process.platform === "linux" ? cpuMs(client.child) : 0);
  const loading = at("loading").then((ms) => ({ loadingMs: ms, loadingCpuMs: cpu() }));
  const ready = at("ready").then((ms) => ({ readyMs: ms, readyCpuMs: cpu() }));
  await opened(client, storagePath);
  await client.complete(uri, line, (lines[line] ?? "").length);
  const [answeredMs, answeredCpuMs] = [performance.now(), cpu()];
  const { loadingMs, loadingCpuMs } = await loading;
  const { readyMs, readyCpuMs } = await ready;
  const { last } = await statistics(client);
  await client.shutDown();
  return {
    startMs: loadingMs - spawnedMs,
    loadMs: readyMs - loadingMs,
    answerMs: answeredMs - readyMs,
    answerCpuMs: answeredCpuMs - readyCpuMs,
    totalMs: answeredMs - spawnedMs - (readyMs - loadingMs),
    totalCpuMs: answeredCpuMs - (readyCpuMs - loadingCpuMs),
    source: last?.source ?? "none",
    tokensRead: last?.tokensRead ?? 0,
    line,
  };
}

async function statistics(client: RawClient): Promise<ServerStatistics> {
  return (await client.request("rwkv/statistics"))["result"] as ServerStatistics;
}

function print(restarts: readonly Restart[]): void {
  const head =
    "| line | place | starts from | tokens read | start ms | load ms | answer ms | CPU ms of it | total without loading ms | CPU ms |";
  const rows = restarts.map(({ line, place, source, tokensRead, ...ms }) => {
    const times = [ms.startMs, ms.loadMs, ms.answerMs, ms.answerCpuMs, ms.totalMs, ms.totalCpuMs];
    return `| ${[line, place, source, tokensRead, ...times.map((one) => one.toFixed(0))].join(" | ")} |`;
  });
  console.log([tableHead(head), ...rows].join("\n"));
  const exact = restarts.filter(({ source }) => source === "exact" || source === "converged").length;
  const medians = (["new", "same as before"] as const).map((place) => {
    const at = restarts.filter((one) => one.place === place);
    const [ms, cpu] = [at.map(({ totalMs }) => totalMs), at.map(({ totalCpuMs }) => totalCpuMs)];
    return `${place} place: ${quantile(ms, 0.5).toFixed(0)} ms, ${quantile(cpu, 0.5).toFixed(0)} CPU ms`;
  });
  const counts = `${exact} of ${restarts.length} exact or converged`;
  console.log(`Node.js ${process.versions.node}; ${counts}; medians without loading: ${medians.join("; ")}`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
