import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";
import { cached, norm, plus, rowTimes, sigmoid, type Product, type Vector } from "./plainMath.js";

/** Reference implementation of RWKV-7: docs/RWKV.md §5, token by token in double precision. */
export function reference7(source: TensorSource, tokens: readonly number[], product: Product): Vector {
  const read = cached((name) => [...source.readFloats(name)]);
  const C = source.shape("emb.weight")[1]!;
  const layers = source.names.filter((name) => name.endsWith(".att.r_k")).length;
  const emb = source.readFloats("emb.weight");
  const blocks = Array.from({ length: layers }, (_, i) => {
    const at = `blocks.${i}.`;
    return blockOf(
      (name) => read(at + name),
      (name, x) => product(`${at}${name}.weight`, x),
      C,
    );
  });
  let x: Vector = [];
  for (const token of tokens) {
    const row = [...emb.subarray(token * C, token * C + C)];
    x = norm(row, read("blocks.0.ln0.weight"), read("blocks.0.ln0.bias"));
    let first: Vector | undefined;
    for (const block of blocks) ({ x, first } = block(x, first));
  }
  return product("head.weight", norm(x, read("ln_out.weight"), read("ln_out.bias")));
}

interface Passed {
  readonly x: Vector;
  /** The v of the first layer, which later layers interpolate with their own. */
  readonly first: Vector;
}

const N = 64;

function blockOf(
  weight: (name: string) => Vector,
  product: Product,
  C: number,
): (x: Vector, first: Vector | undefined) => Passed {
  let attBefore: Vector = new Array<number>(C).fill(0);
  let ffnBefore: Vector = attBefore;
  const S = Array.from({ length: C }, () => new Array<number>(N).fill(0)); // [value channel][key channel]
  const lowRank = (x: Vector, letter: string, then: (value: number) => number = (value) => value): Vector =>
    rowTimes(rowTimes(x, weight(`att.${letter}1`)).map(then), weight(`att.${letter}2`));

  return (input, first) => {
    const a = norm(input, weight("ln1.weight"), weight("ln1.bias"));
    const before = attBefore;
    const mix = (letter: string): Vector => lerp(a, before, weight(`att.x_${letter}`));
    attBefore = a;
    const r = product("att.receptance", mix("r"));
    const key = product("att.key", mix("k"));
    const value = product("att.value", mix("v"));
    const w = plus(weight("att.w0"), lowRank(mix("w"), "w", Math.tanh)).map((one) =>
      Math.exp(-0.606531 * sigmoid(one)),
    );
    const rate = plus(weight("att.a0"), lowRank(mix("a"), "a")).map(sigmoid);
    const g = lowRank(mix("g"), "g", sigmoid);
    const share = first && plus(weight("att.v0"), lowRank(mix("v"), "v")).map(sigmoid);
    const v = share === undefined ? value : value.map((one, c) => one + (first![c]! - one) * share[c]!);
    const k = key.map((one, c) => one * (1 + (rate[c]! - 1) * weight("att.k_a")[c]!));
    const removed = unitHeads(key.map((one, c) => one * weight("att.k_k")[c]!));
    const y = S.map((row, c) => {
      const head = Math.floor(c / N) * N;
      const dot = row.reduce((sum, one, j) => sum + one * removed[head + j]!, 0);
      row.forEach((one, j) => {
        const n = head + j;
        row[j] = one * w[n]! - dot * removed[n]! * rate[n]! + v[c]! * k[n]!;
      });
      return row.reduce((sum, one, j) => sum + one * r[head + j]!, 0);
    });
    const normed = headNorm(y, weight("att.ln_x.weight"), weight("att.ln_x.bias"));
    const bonus = headSums(r.map((one, c) => one * k[c]! * weight("att.r_k")[c]!));
    const gated = normed.map((one, c) => (one + bonus[Math.floor(c / N)]! * v[c]!) * g[c]!);
    const x = plus(input, product("att.output", gated));

    const f = norm(x, weight("ln2.weight"), weight("ln2.bias"));
    const wide = product("ffn.key", lerp(f, ffnBefore, weight("ffn.x_k"))).map((one) => Math.max(0, one) ** 2);
    ffnBefore = f;
    return { x: plus(x, product("ffn.value", wide)), first: first ?? v };
  };
}

function lerp(a: Vector, before: Vector, share: Vector): Vector {
  return a.map((value, c) => value + (before[c]! - value) * share[c]!);
}

function headSums(x: Vector): Vector {
  return Array.from({ length: x.length / N }, (_, head) =>
    x.slice(head * N, head * N + N).reduce((sum, value) => sum + value, 0),
  );
}

/** Divides each head of a vector by its Euclidean length. */
function unitHeads(x: Vector): Vector {
  const lengths = headSums(x.map((value) => value * value)).map((sum) => Math.max(Math.sqrt(sum), 1e-12));
  return x.map((value, c) => value / lengths[Math.floor(c / N)]!);
}

function headNorm(y: Vector, weight: Vector, bias: Vector): Vector {
  return Array.from({ length: y.length / N }, (_, head) => {
    const part = (all: Vector): Vector => all.slice(head * N, head * N + N);
    return norm(part(y), part(weight), part(bias), 64e-5);
  }).flat();
}
