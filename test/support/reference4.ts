import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";
import { cached, exactProduct, norm, plus, sigmoid, type Product, type Vector } from "./plainMath.js";

/** Reference implementation of RWKV-4: equations 11 to 18 of the paper, token by token in double precision. */
export function reference4(
  source: TensorSource,
  tokens: readonly number[],
  product: Product = exactProduct(source),
): Vector {
  const read = (name: string): Vector => [...source.readFloats(name)];
  const C = source.shape("emb.weight")[1]!;
  const layers = source.names.filter((name) => name.endsWith(".att.time_first")).length;
  const emb = read("emb.weight");
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
    x = norm(emb.slice(token * C, token * C + C), read("blocks.0.ln0.weight"), read("blocks.0.ln0.bias"));
    for (const block of blocks) x = block(x);
  }
  return product("head.weight", norm(x, read("ln_out.weight"), read("ln_out.bias")));
}

function blockOf(read: (name: string) => Vector, product: Product, C: number): (x: Vector) => Vector {
  const weight = cached(read);
  const decay = weight("att.time_decay").map((d) => -Math.exp(d));
  let attBefore: Vector = new Array<number>(C).fill(0);
  let ffnBefore: Vector = attBefore;
  // logB is the logarithm of the WKV's denominator, and `mean` is the weighted mean of v. In this form, no large
  // exponential is computed.
  let logB: Vector = new Array<number>(C).fill(-Infinity);
  let mean: Vector = new Array<number>(C).fill(0);
  const mix = (x: Vector, before: Vector, mu: Vector): Vector =>
    x.map((value, c) => value * mu[c]! + before[c]! * (1 - mu[c]!));

  return (input) => {
    const a = norm(input, weight("ln1.weight"), weight("ln1.bias"));
    const of = (letter: string): Vector => mix(a, attBefore, weight(`att.time_mix_${letter}`));
    const k = product("att.key", of("k"));
    const v = product("att.value", of("v"));
    const r = product("att.receptance", of("r")).map(sigmoid);
    attBefore = a;
    const wkv = k.map((key, c) => weighted(logB[c]!, mean[c]!, weight("att.time_first")[c]! + key, v[c]!).mean);
    const next = k.map((key, c) => weighted(logB[c]! + decay[c]!, mean[c]!, key, v[c]!));
    logB = next.map(({ log }) => log);
    mean = next.map((one) => one.mean);
    const x = plus(
      input,
      product(
        "att.output",
        wkv.map((value, c) => r[c]! * value),
      ),
    );

    const f = norm(x, weight("ln2.weight"), weight("ln2.bias"));
    const kf = product("ffn.key", mix(f, ffnBefore, weight("ffn.time_mix_k"))).map((one) => Math.max(0, one) ** 2);
    const rf = product("ffn.receptance", mix(f, ffnBefore, weight("ffn.time_mix_r"))).map(sigmoid);
    ffnBefore = f;
    return plus(
      x,
      product("ffn.value", kf).map((value, c) => rf[c]! * value),
    );
  };
}

/** The weighted mean of two values whose weights are e^logA and e^logB. */
function weighted(
  logA: number,
  mean: number,
  logB: number,
  value: number,
): { readonly log: number; readonly mean: number } {
  const max = Math.max(logA, logB);
  const [a, b] = [Math.exp(logA - max), Math.exp(logB - max)];
  return { log: max + Math.log(a + b), mean: (a * mean + b * value) / (a + b) };
}
