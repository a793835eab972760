import { randomFrom } from "../support/random.js";
import { RawClient } from "../support/rawClient.js";
import { hostileMessages, userText } from "./lspMessages.js";

export interface LspFuzzOptions {
  readonly seed: number;
  readonly messages: number;
  readonly onProgress?: (sent: number, rssBytes: number) => void;
}

export interface LspFuzzRun {
  readonly sent: number;
  readonly requests: number;
  readonly errors: number;
  /** How many completion requests reached the model. */
  readonly completions: number;
  /** The server's memory while no document is open: after a quarter of the messages, and at the end. */
  readonly rssBytes: readonly [number, number];
  readonly logBytes: number;
}

const batch = 200;
/** A server that takes longer to respond is considered to hang. */
const maxAnswerMs = 60_000;
/** Matches a stack trace. */
const stack = /node_modules|\.(js|ts):\d+/;

/**
 * Sends valid and invalid messages to a server, and checks after each batch that it still responds.
 * @throws Error if the server crashes or hangs, does not respond to each request exactly once, or logs user text or a
 * stack trace.
 */
export async function fuzzLsp({ seed, messages, onProgress }: LspFuzzOptions): Promise<LspFuzzRun> {
  const client = new RawClient();
  let requests = 0;
  let sent = 0;
  let errors = 0;
  let logBytes = 0;
  const rss: number[] = [];
  try {
    await client.initialize({
      capabilities: {
        textDocument: { inlineCompletion: {} },
        window: { workDoneProgress: true },
        workspace: { workspaceFolders: true },
      },
      initializationOptions: { timeBudgetMs: 50, threads: 1, completionProvider: true, confidence: "always" },
    });
    while (sent < messages) {
      const random = randomFrom((seed * 0x9e3779b1 + sent) >>> 0);
      const asked: number[] = [];
      for (const end = Math.min(messages, sent + batch); sent < end;) {
        for (const message of hostileMessages(random)) {
          sent++;
          if (message.kind === "body") {
            client.raw(message.body);
            continue;
          }
          const id = client.ask(message.method, message.params);
          asked.push(id);
          if (message.isCancelled) client.notify("$/cancelRequest", { id });
        }
      }
      const { rssBytes } = await answered(client, asked, `messages up to ${sent}`);
      requests += asked.length;
      const answers = asked.map((id) =>
        client.received.filter((one) => one["method"] === undefined && one["id"] === id),
      );
      const twice = answers.find((all) => all.length !== 1);
      if (twice !== undefined) throw new Error(`a request was answered ${twice.length} times`);
      errors += answers.filter(([one]) => one?.["error"] !== undefined).length;
      logBytes += client.log.length;
      checkLog(client.log);
      client.received.length = 0;
      onProgress?.(sent, rssBytes);
      if (sent >= messages / 4 && rss.length === 0) rss.push(await restingBytes(client));
    }
    rss.push(await restingBytes(client));
    const { asked: completions } = await client.statistics();
    const code = await client.shutDown();
    if (code !== 0 || client.stderr !== "") throw new Error(`it ended with ${code}: ${client.stderr}`);
    return { sent, requests, errors, completions, rssBytes: [rss[0] ?? 0, rss[1] ?? 0], logBytes };
  } finally {
    client.child.kill("SIGKILL");
  }
}

/** Waits for all responses. @returns the statistics after that. */
async function answered(
  client: RawClient,
  ids: readonly number[],
  what: string,
): Promise<{ readonly rssBytes: number }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer after ${what} in ${maxAnswerMs} ms`));
    }, maxAnswerMs);
  });
  const all = async (): Promise<{ readonly rssBytes: number }> => {
    for (const id of ids) await client.answerTo(id);
    return client.statistics();
  };
  try {
    return await Promise.race([all(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Closes all documents. @returns the server's memory. */
async function restingBytes(client: RawClient): Promise<number> {
  const { uris } = await client.statistics();
  for (const uri of uris) client.notify("textDocument/didClose", { textDocument: { uri } });
  const { rssBytes } = await client.statistics();
  return rssBytes;
}

function checkLog(log: string): void {
  if (log.includes(userText)) throw new Error("the log holds what the user wrote");
  if (stack.test(log)) throw new Error(`the log holds a stack: ${log.slice(0, 500)}`);
}
