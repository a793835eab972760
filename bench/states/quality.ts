// After each kind of edit, compares the states from which completions start with the exact states:
// npm run bench:states [-- FILE… --lines 2200 --edit NAME --memory 256 --json --without-predictions]
import path from "node:path";
import { parseArgs } from "node:util";
import { DocumentSession } from "../../src/core/completion/documentSession.js";
import { promptFor } from "../../src/core/completion/promptFor.js";
import { readLimits } from "../../src/core/completion/readLimits.js";
import { planRead } from "../../src/core/completion/readPlan.js";
import type { Model, State, TokenId } from "../../src/core/model.js";
import { BackgroundReader } from "../../src/core/states/backgroundReader.js";
import type { InferenceContext } from "../../src/core/states/checkpointedReader.js";
import { CheckpointStore } from "../../src/core/states/checkpointStore.js";
import { Scheduler } from "../../src/core/states/scheduler.js";
import { OpenDocument } from "../../src/core/tokens/openDocument.js";
import { emptyBlockHash } from "../../src/core/tokens/tokenPrefix.js";
import { loadModel } from "../../src/rwkv/load.js";
import { withFeed } from "../../src/rwkv/wrappedReader.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import { closeness, expectation, type Closeness } from "./closeness.js";
import { kindsOfEdit, type KindOfEdit } from "./kindsOfEdit.js";
import { tableHead } from "./tableHead.js";
import { texts } from "./texts.js";

interface Measured extends Closeness {
  readonly file: string;
  readonly edit: string;
  /**
   * "at once": before background reading has read anything. "later": after the background reading that follows a pause
   * at the place.
   */
  readonly when: "at once" | "later";
  readonly source: string;
  readonly tokensRead: number;
  readonly backgroundTokens: number;
}

const timeBudgetMs = 300;
const predictions = 31;
/** Completions are compared at these places: this many lines after the edit, and at these shares of the text. */
const linesAfter = [2, 10, 40, 120];
const shares = [0.55, 0.76, 0.97];

const root = process.cwd();
const { values: options, positionals: files } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    lines: { type: "string", default: "2200" },
    // Measures only the edits whose names contain this text.
    edit: { type: "string", default: "" },
    // Memory for states in MB. With little memory, states are as far apart as in a longer file.
    memory: { type: "string", default: "256" },
    // Skips the comparison of predictions, which takes a long time for a long text.
    "without-predictions": { type: "boolean", default: false },
  },
  allowPositionals: true,
});

async function main(): Promise<void> {
  const model = await loadModel(path.join(root, "models/default"), { threads: 1 });
  const measured: Measured[] = [];
  for (const { file, lines } of texts(files, Number(options.lines))) {
    for (const edit of kindsOfEdit.filter(({ name }) => name.includes(options.edit))) {
      measured.push(...(await measureEdit(model, file, lines, edit)));
      console.error(file, edit.name);
    }
  }
  await model.dispose();
  if (options.json) console.log(JSON.stringify(measured));
  else console.log(table(measured));
}

async function measureEdit(
  model: Model,
  file: string,
  lines: readonly string[],
  edit: KindOfEdit,
): Promise<Measured[]> {
  const store = new CheckpointStore(Number(options.memory) * 2 ** 20);
  const inference: InferenceContext = { model, scheduler: new Scheduler(), store };
  const origin = { uri: `file:///${file}`, headerPath: `src/${file}` };
  const document = new OpenDocument(origin, lines.join("\n"), { ...model, emptyHash: emptyBlockHash(model.id) });
  const maxGapTokens = (): number => readLimits(model, timeBudgetMs).maxTokens;
  const packing = { packedBytes: model.packedStateBytes, pack: (state: State) => model.pack(state), maxGapTokens };
  const session = new DocumentSession(document, store, { packing });
  await readInBackground(inference, session, "all");
  const edited = edit.apply(lines);
  session.setText(edited.join("\n"));
  const places = [
    ...(edit.end === undefined ? [] : linesAfter.map((count) => (edit.end ?? 0) + count)),
    ...shares.map((share) => Math.floor(edited.length * share)),
  ];
  const measured: Measured[] = [];
  const exactStates = new Map<number, State>();
  for (const when of ["at once", "later"] as const) {
    for (const line of places) {
      if (when === "later") session.cursorToken = document.tokens.tokensEndingBy(document.lineStart(line));
      const backgroundTokens = when === "later" ? await readInBackground(inference, session, "after a pause") : 0;
      measured.push({ file, edit: edit.name, when, backgroundTokens, ...(await at(line)) });
    }
  }
  session.checkpoints.dispose();
  return measured;

  async function at(line: number): Promise<Closeness & Pick<Measured, "source" | "tokensRead">> {
    const prompt = promptFor({ session, line, linePrefix: "" }, model, timeBudgetMs);
    const limits = { prefixMode: "window", ...readLimits(model, timeBudgetMs) } as const;
    const plan = planRead(session, prompt, store, limits);
    if (options["without-predictions"]) return { source: plan.source, tokensRead: plan.base.length, ...notCompared };
    const { tokens } = document;
    const next = tokens.tokens(prompt.baseTokens, prompt.baseTokens + predictions);
    const lastToken = tokens.tokens(prompt.baseTokens - 1, prompt.baseTokens);
    const exact = await expectation(model, await exactState(prompt.baseTokens - 1), lastToken, next.slice(0, -1));
    // A state contains no logits. So if nothing is left to read, the first token is read here, and the comparison
    // starts after it.
    const before: readonly TokenId[] = plan.base.length > 0 ? plan.base : next.slice(0, 1);
    const ahead = plan.base.length > 0 ? next.slice(0, -1) : next.slice(1, -1);
    const other = await expectation(model, plan.state, before, ahead);
    const comparable = plan.base.length > 0 ? exact : { ...exact, logits: exact.logits.slice(1) };
    return { source: plan.source, tokensRead: plan.base.length, ...closeness(comparable, other) };
  }

  /** The state that has read all tokens before an offset, continued from the last one that is known. */
  async function exactState(offset: number): Promise<State> {
    const known = [...exactStates.keys()].filter((other) => other <= offset);
    const from = Math.max(0, ...known);
    const reader = model.open(exactStates.get(from));
    if (offset > from) await reader.feed(document.tokens.tokens(from, offset), "none", neverCancelled);
    const state = reader.save();
    reader.dispose();
    exactStates.set(offset, state);
    return state;
  }
}

/**
 * Runs background reading of everything, or only the background reading that follows a pause of the user.
 * @returns the number of tokens that it reads.
 */
async function readInBackground(
  inference: InferenceContext,
  session: DocumentSession,
  what: "all" | "after a pause",
): Promise<number> {
  let tokens = 0;
  const model: Model = {
    ...inference.model,
    open: (from) => {
      const reader = inference.model.open(from);
      return withFeed(reader, (read, want, cancellation) => {
        tokens += read.length;
        return reader.feed(read, want, cancellation);
      });
    },
  };
  await new Promise<void>((resolve, reject) => {
    const background = new BackgroundReader<DocumentSession>(
      { ...inference, model },
      {
        quietMs: 0,
        setTimer: (ms, callback) => {
          if (ms === 0) callback(); // longer timers never fire
          return () => undefined;
        },
        maxGapTokens: () => readLimits(model, timeBudgetMs).maxTokens,
        onProgress: (document) => {
          if (document === undefined) resolve(background.dispose());
        },
        onError: reject,
      },
    );
    if (what === "all") background.opened(session);
    else background.edited(session);
  });
  return tokens;
}

const notCompared: Closeness = { kl: NaN, top1: NaN, sameText: false };

/** One row for each kind of edit, time and source of the state. */
function table(measured: readonly Measured[]): string {
  const groups = new Map<string, Measured[]>();
  for (const one of measured) {
    const key = `${one.edit} | ${one.when} | ${one.source}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const rows = [...groups].map(([key, group]) => {
    const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
    const kl = mean(group.map((one) => one.kl));
    const read = group.map(({ tokensRead }) => tokensRead);
    const predictions = [
      kl.toFixed(4),
      percent(mean(group.map(({ top1 }) => top1))),
      percent(mean(group.map(({ sameText }) => (sameText ? 1 : 0)))),
    ];
    return (
      `| ${key} | ${group.length} | ${mean(read).toFixed(0)} (at most ${Math.max(...read)}) | ` +
      `${(Number.isNaN(kl) ? ["–", "–", "–"] : predictions).join(" | ")} | ` +
      `${Math.max(...group.map((one) => one.backgroundTokens))} |`
    );
  });
  const head =
    "| edit | when | starts from | places | tokens read | KL | same top token | same 8 tokens | read after |";
  return [tableHead(head), ...rows].join("\n");
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
