// Compares eviction policies for checkpoints on the edits of a repository's history, or only on the newest edits:
// npm run bench:eviction -- [FOLDER] [--edits 500]
import { parseArgs } from "node:util";
import { editsOf, type TracedEdit } from "./editTrace.js";
import { policies, type DocumentPlaces, type PlacedState, type Policy } from "./evictionPolicies.js";
import { packingPolicies, simulatePacking } from "./packedEviction.js";
import { tableHead } from "./tableHead.js";

interface Result {
  /** For each edit except the first of a file: the number of tokens from the nearest state before it to the edit. */
  readonly distances: number[];
  /** Tokens read again because states had been evicted. */
  rereadTokens: number;
}

const tokensPerLine = 10;
const blockTokens = 64;
/** About the number of tokens that the embedded model reads in a quarter of the time budget. */
const maxRequestTokens = 1275;
const budgets = [32, 124, 496];
/** Memory sizes for comparing packing policies, in unpacked states. With more memory, nothing is packed. */
const packingBudgets = [8, 16, 32, 124];

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { edits: { type: "string", default: "Infinity" } },
  });
  const [folder = process.cwd()] = positionals;
  const edits = editsOf(folder, /\.(ts|mjs|js|py|cpp|h)$/).slice(-Number(values.edits));
  const files = new Set(edits.map(({ file }) => file)).size;
  console.log(`${edits.length} edits of ${files} files\n`);
  const head = "| states | policy | mean tokens to read | too far for a request | tokens read again |";
  console.log(tableHead(head));
  for (const budget of budgets) {
    for (const [name, policy] of Object.entries(policies)) {
      const { distances, rereadTokens } = simulate(edits, budget, policy);
      const mean = distances.reduce((a, b) => a + b, 0) / distances.length;
      const far = distances.filter((distance) => distance > maxRequestTokens).length / distances.length;
      console.log(`| ${budget} | ${name} | ${mean.toFixed(0)} | ${(100 * far).toFixed(1)} % | ${rereadTokens} |`);
    }
  }
  const packedHead = "| exact states | policy | at once | later | tokens read again |";
  console.log(`\n${tableHead(packedHead)}`);
  for (const budget of packingBudgets) {
    for (const [name, policy] of Object.entries(packingPolicies)) {
      const { atOnce, later, rereadTokens } = simulatePacking(edits, budget, policy);
      const shares = [atOnce, later].map(({ exact, converged, window }) => {
        const percent = (count: number): string => `${((100 * count) / (exact + converged + window)).toFixed(1)} %`;
        return `${percent(exact)} exact, ${percent(converged)} converged, ${percent(window)} window`;
      });
      console.log(`| ${budget} | ${name} | ${shares.join(" | ")} | ${rereadTokens} |`);
    }
  }
}

/**
 * Moves the cursor to the position of each edit. If the nearest state is too far away for a request, reads the text
 * from there to the cursor. Then makes the edit and reads the new lines.
 */
function simulate(edits: readonly TracedEdit[], budget: number, policy: Policy): Result {
  const cache = new StateCache(budget, policy);
  const result: Result = { distances: [], rereadTokens: 0 };
  for (const { file, line, removed, added } of edits) {
    const document = cache.use(file);
    const isNew = document.tokenCount === 0;
    const place = Math.min(document.tokenCount, line * tokensPerLine);
    document.cursorToken = place;
    const distance = place - cache.nearest(document, place);
    if (!isNew) result.distances.push(distance);
    if (distance > maxRequestTokens) {
      result.rereadTokens += distance;
      cache.read(document, place - distance, place);
    }
    cache.edit(document, place, removed * tokensPerLine, added * tokensPerLine);
    cache.read(document, place, place + added * tokensPerLine);
  }
  return result;
}

class StateCache {
  readonly #budget: number;
  readonly #policy: Policy;
  readonly #documents = new Map<string, DocumentPlaces>();
  #count = 0;
  #clock = 0;

  constructor(budget: number, policy: Policy) {
    this.#budget = budget;
    this.#policy = policy;
  }

  /** Returns a document and makes it the most recently used one. */
  use(name: string): DocumentPlaces {
    const known = this.#documents.get(name) ?? { states: [], tokenCount: 0, cursorToken: 0, rank: Infinity };
    for (const other of this.#documents.values()) if (other.rank < known.rank) other.rank++;
    known.rank = 0;
    this.#documents.set(name, known);
    return known;
  }

  nearest(document: DocumentPlaces, place: number): number {
    const found = document.states.findLast(({ offset }) => offset <= place);
    if (found === undefined) return 0;
    found.usedAt = this.#clock++;
    return found.offset;
  }

  edit(document: DocumentPlaces, place: number, removed: number, added: number): void {
    const kept = document.states.filter(({ offset }) => offset <= place || offset > place + removed);
    this.#count -= document.states.length - kept.length;
    for (const state of kept) if (state.offset > place) state.offset += added - removed;
    document.states = kept;
    document.tokenCount = Math.max(place, document.tokenCount - removed) + added;
    document.cursorToken = place + added;
  }

  read(document: DocumentPlaces, from: number, to: number): void {
    const first = Math.floor(from / blockTokens + 1) * blockTokens;
    for (let offset = first; offset <= to; offset += blockTokens) {
      if (document.states.some((state) => state.offset === offset)) continue;
      document.states.push({ document, offset, usedAt: this.#clock++ });
      document.states.sort((a, b) => a.offset - b.offset);
      if (++this.#count > this.#budget) this.#evict();
    }
  }

  #evict(): void {
    let cheapest: PlacedState | undefined;
    let minLoss = Infinity;
    for (const { states, tokenCount } of this.#documents.values()) {
      for (const [i, state] of states.entries()) {
        const loss = this.#policy(state, states[i - 1]?.offset ?? 0, states[i + 1]?.offset ?? tokenCount + 1);
        if (loss >= minLoss) continue;
        minLoss = loss;
        cheapest = state;
      }
    }
    if (cheapest === undefined) return;
    cheapest.document.states = cheapest.document.states.filter((state) => state !== cheapest);
    this.#count--;
  }
}

main();
