import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import type { DocumentSession } from "../../src/core/completion/documentSession.js";
import { buildPrompt } from "../../src/core/completion/prompt.js";
import { planRead } from "../../src/core/completion/readPlan.js";
import { isPacked, type Model } from "../../src/core/model.js";
import { CheckpointedReader } from "../../src/core/states/checkpointedReader.js";
import { CheckpointStore } from "../../src/core/states/checkpointStore.js";
import { Scheduler } from "../../src/core/states/scheduler.js";
import type { CompletionSource } from "../../src/core/statistics.js";
import { emptyBlockHash, TokenPrefix } from "../../src/core/tokens/tokenPrefix.js";
import { loadModel } from "../../src/rwkv/load.js";
import { loadAddon } from "../../src/rwkv/native/addon.js";
import { neverCancelled } from "../../src/shared/cancellation.js";
import { StoredStates } from "../../src/storedStates/storedStates.js";
import { logitsAfter, maxDifference } from "../support/numeric.js";
import { embeddedModel } from "../support/paths.js";
import { randomFrom } from "../support/random.js";
import { inTemporaryFolder } from "../support/temporary.js";
import { testEngine } from "../support/testEngine.js";

/** Number of edits. To change it, run `RWKV_CODE_EDITS=10000 npm test -- numeric editsAndRestarts`. */
const edits = Number(process.env["RWKV_CODE_EDITS"] ?? 120);
const seed = 20;
const documents = 20;
const statesInMemory = 40;
const statesOnDisk = 80;
/** At this low speed, a request can read only a few tokens, and some states must be packed. */
const prefillTokensPerSecond = 512;
/**
 * Maximum divergence between the predictions from a converged state and from the exact one, in nats, at any position.
 */
const maxDivergence = 0.05;
/**
 * How often logits are compared with those of a fresh read: after each edit, but in long tests only after every 10th.
 */
const compareEvery = edits > 1000 ? 10 : 1;

const missing = loadAddon() === undefined && "the native engine was not built: no C++ compiler";

/** One run of the server: its engine, and its archive in a folder that outlives the run. */
class Life {
  readonly store: CheckpointStore;
  readonly #engine: ReturnType<typeof testEngine>["engine"];
  readonly #checking: CheckpointedReader;
  #onIdle = (): void => undefined;
  #isReading = false;

  constructor(
    readonly model: Model,
    folder: string,
    readonly texts: string[],
  ) {
    const fail = (error: unknown): void => {
      throw error;
    };
    this.store = new CheckpointStore(statesInMemory * (model.stateBytes + 512));
    const maxBytes = statesOnDisk * model.stateBytes;
    const archive = new StoredStates({ folder, model, maxBytes: () => maxBytes, isAllowed: () => true, onError: fail }); // prettier-ignore
    const onProgress = (uri: string | undefined): void => {
      this.#isReading = uri !== undefined;
      if (uri === undefined) this.#onIdle();
    };
    const background = { quietMs: 0, onProgress, onError: fail };
    this.#engine = testEngine(model, { store: this.store, archive, background, limits: { timeBudgetMs: 1000 } }).engine;
    const inference = { model, scheduler: new Scheduler(), store: this.store };
    this.#checking = new CheckpointedReader(inference, "inline", new TokenPrefix(emptyBlockHash(model.id), 0, []));
    for (const [i, text] of texts.entries()) {
      this.#engine.documents.open({ uri: uriOf(i), headerPath: `src/${i}.ts` }, text);
    }
  }

  session(document: number): DocumentSession {
    return this.#engine.documents.session(uriOf(document))!;
  }

  edit(document: number, startLine: number, endLine: number, text: string): void {
    this.#engine.documents.focus(uriOf(document));
    this.#engine.documents.edit(uriOf(document), { startLine, endLine, text });
  }

  /** Waits, as a request does, until the nearest archived checkpoint before a line is restored. */
  async restored(document: number, line: number): Promise<void> {
    await this.#engine.documents.restored(uriOf(document), line);
  }

  /** If background reading is in progress, waits until nothing is left to read. */
  async read(): Promise<void> {
    if (this.#isReading) await new Promise<void>((resolve) => (this.#onIdle = resolve));
  }

  /**
   * The logits for a completion at the start of a line, the kind of state that they start from, and whether it is
   * packed.
   */
  async logitsAt(document: number, line: number) {
    const { plan, prompt } = this.#planAt(document, line);
    this.#checking.restore(plan.from, plan.state);
    const rest = [...plan.base, ...plan.suffix, ...plan.tail, ...prompt.linePrefix];
    const logits = await this.#checking.read(rest, { want: "last", cancellation: neverCancelled });
    const isFromPacked = plan.state !== undefined && isPacked(plan.state);
    return { source: plan.source, isFromPacked, logits: logits.slice() };
  }

  /** The logits at the same position after reading everything before it from the start of the document. */
  async freshLogitsAt(document: number, line: number): Promise<Float32Array> {
    const { prompt } = this.#planAt(document, line);
    const { tokens } = this.session(document).document;
    const all = [...tokens.tokens(0, prompt.baseTokens), ...prompt.tail, ...prompt.linePrefix];
    const reader = this.model.open();
    try {
      return await logitsAfter(reader, all);
    } finally {
      reader.dispose();
    }
  }

  #planAt(document: number, line: number) {
    const session = this.session(document);
    const context = { document: session.document, line, linePrefix: Buffer.from("x"), suffix: [], maxWindowTokens: 0 };
    const prompt = buildPrompt(context, this.model.tokenizer, this.model.prompt);
    // The limits are so low that many requests start from a converged state.
    const read = { leadTokens: 64, windowTokens: 256, maxTokens: 256, farTokens: 384 };
    const limits = { prefixMode: "window", ...read } as const;
    return { prompt, plan: planRead(session, prompt, this.store, limits) };
  }

  async end(): Promise<void> {
    for (const i of this.texts.keys()) {
      const { document } = this.session(i);
      this.texts[i] = document.lines(0, document.lineCount).join("\n");
    }
    await this.#engine.dispose();
    this.#checking.dispose();
    this.store.checkInvariants();
  }
}

const uriOf = (document: number): string => `file:///src/${document}.ts`;

function bytesIn(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
}

/** The Kullback-Leibler divergence D(expected ‖ actual) of the two softmax distributions, in nats. */
function divergence(expected: Float32Array, actual: Float32Array): number {
  const [p, q] = [expected, actual].map(logProbabilities) as [number[], number[]];
  return p.reduce((sum, logP, i) => sum + Math.exp(logP) * (logP - q[i]!), 0);
}

function logProbabilities(logits: Float32Array): number[] {
  const max = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = Math.log(logits.reduce((total, one) => total + Math.exp(one - max), 0));
  return Array.from(logits, (one) => one - max - sum);
}

test(
  `${edits} random edits over ${documents} documents with eviction and restarts: exact is exact, converged is close`,
  { skip: missing },
  (t) =>
    inTemporaryFolder(async (folder) => {
      const loaded = await loadModel(embeddedModel, { threads: 1, engine: "native" });
      const model = { ...loaded, prefillTokensPerSecond };
      const random = randomFrom(seed);
      const sources = ["src/core/completion/completer.ts", "src/server/server.ts", "src/rwkv/weights/pth.ts"];
      const lines = sources
        .filter((file) => existsSync(file))
        .flatMap((file) => readFileSync(file, "utf8").split("\n"));
      const texts = Array.from({ length: documents }, () =>
        Array.from({ length: 6 }, () => {
          const at = random.below(lines.length - 40);
          return lines.slice(at, at + 40).join("\n");
        }).join("\n"),
      );
      const states = path.join(folder, "states");
      const counts: Partial<Record<CompletionSource, number>> = {};
      let [worst, restarts, evicted, fromPacked] = [0, 0, 0, 0];
      let life = new Life(model, states, texts);
      let document = 0;
      for (let edit = 1; edit <= edits; edit++) {
        if (random.below(6) === 0) document = random.below(documents);
        const { lineCount } = life.session(document).document;
        const line = random.below(lineCount - 1);
        const insert = random.pick([
          "",
          "x();\n",
          "const a = b;\n}\n",
          `${lines.slice(random.below(200), 220).join("\n")}\n`,
        ]);
        const removed = random.below(10) === 0 ? random.below(60) : 1;
        life.edit(document, line, Math.min(lineCount - 1, line + removed), insert);
        const { document: edited } = life.session(document);
        if (edited.lineCount < 80) life.edit(document, 0, 0, `${lines.slice(0, 200).join("\n")}\n`);
        if (edited.lineCount > 500) life.edit(document, 50, 300, "");
        const before = life.store.count;
        if (random.below(4) > 0) await life.read();
        if (life.store.count < before || life.store.count >= statesInMemory - 1) evicted++;
        if (random.below(40) === 0) {
          await life.end();
          restarts++;
          assert.ok(bytesIn(states) <= statesOnDisk * model.stateBytes, `${bytesIn(states)} bytes on disk`);
          life = new Life(model, states, texts);
        }
        assert.ok(life.store.bytes <= life.store.maxBytes);
        if (edit % compareEvery !== 0) continue;
        const asked = random.pick([document, document, document, random.below(documents)]);
        const { lineCount: askedLines } = life.session(asked).document;
        const at = random.pick([askedLines - 1, random.below(askedLines)]);

        await life.restored(asked, at);
        const { source, isFromPacked, logits } = await life.logitsAt(asked, at);
        counts[source] = (counts[source] ?? 0) + 1;
        if (isFromPacked) fromPacked++;
        if (source !== "exact" && source !== "converged") continue;
        const fresh = await life.freshLogitsAt(asked, at);
        if (source === "exact") assert.equal(maxDifference(logits, fresh), 0, `edit ${edit}: exact`);
        else worst = Math.max(worst, divergence(fresh, logits));
      }
      await life.end();
      t.diagnostic(
        `seed ${seed}: ${JSON.stringify(counts)}, ${restarts} restarts, at the budget ${evicted} times, ${fromPacked} from packed states`,
      );
      t.diagnostic(
        `largest divergence of a converged answer ${worst.toFixed(5)} nats, ${bytesIn(states)} bytes on disk`,
      );
      assert.ok(worst <= maxDivergence, `${worst} nats`);
      assert.ok(counts.exact! > 0 && restarts > 0 && evicted > 0 && fromPacked > 0);
      await model.dispose();
    }),
);
