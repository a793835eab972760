import type { TensorSource } from "../../src/rwkv/weights/tensorSource.js";
import { cached, norm, plus, rowTimes, sigmoid, times, type Vector } from "./plainMath.js";

/** Reference implementation of RWKV-5.2 and 6: docs/RWKV.md §3 and §4, token by token in double precision. */
export function reference5(source: TensorSource, tokens: readonly number[]): Vector {
  const read = (name: string): Vector => [...source.readFloats(name)];
  const C = source.shape("emb.weight")[1]!;
  const [H = 1] = source.shape("blocks.0.att.time_faaaa");
  const layers = source.names.filter((name) => name.endsWith(".att.time_decay")).length;
  const is6 = source.has("blocks.0.att.time_maa_x");
  const emb = read("emb.weight");
  const blocks = Array.from({ length: layers }, (_, i) =>
    blockOf(
      cached((name) => read(`blocks.${i}.${name}`)),
      { C, H, is6 },
    ),
  );
  let x: Vector = [];
  for (const token of tokens) {
    x = norm(emb.slice(token * C, token * C + C), read("blocks.0.ln0.weight"), read("blocks.0.ln0.bias"));
    for (const block of blocks) x = block(x);
  }
  return times(read("head.weight"), norm(x, read("ln_out.weight"), read("ln_out.bias")));
}

type Weight = (name: string) => Vector;
type Mix = (letter: string) => Vector;

function blockOf(
  weight: Weight,
  { C, H, is6 }: { readonly C: number; readonly H: number; readonly is6: boolean },
): (x: Vector) => Vector {
  const N = C / H;
  let attBefore: Vector = new Array<number>(C).fill(0);
  let ffnBefore: Vector = attBefore;
  const S = Array.from({ length: C }, () => new Array<number>(N).fill(0)); // [key channel][value channel]

  return (input) => {
    const a = norm(input, weight("ln1.weight"), weight("ln1.bias"));
    const mix = is6 ? mixes6(a, attBefore, weight) : mixes5(a, attBefore, weight, "att");
    attBefore = a;
    const of = (letter: string, name: string): Vector => times(weight(`att.${name}.weight`), mix(letter));
    const [r, k, v, g] = [of("r", "receptance"), of("k", "key"), of("v", "value"), of("g", "gate")];
    const w = decays(is6 ? mix("w") : undefined, weight);
    const y = new Array<number>(C).fill(0);
    for (let channel = 0; channel < C; channel++) {
      const head = Math.floor(channel / N) * N;
      for (let j = 0; j < N; j++) {
        const kv = k[channel]! * v[head + j]!;
        y[head + j]! += r[channel]! * (weight("att.time_faaaa")[channel]! * kv + S[channel]![j]!);
        S[channel]![j] = kv + w[channel]! * S[channel]![j]!;
      }
    }
    const gated = heads(y, N, weight).map((value, c) => value * g[c]! * sigmoid(g[c]!));
    const x = plus(input, times(weight("att.output.weight"), gated));

    const f = norm(x, weight("ln2.weight"), weight("ln2.bias"));
    const before = ffnBefore;
    const ffn = is6 ? (letter: string) => lerp(f, before, weight(`ffn.time_maa_${letter}`)) : undefined;
    const ffnMix = ffn ?? mixes5(f, before, weight, "ffn");
    ffnBefore = f;
    const kf = times(weight("ffn.key.weight"), ffnMix("k")).map((one) => Math.max(0, one) ** 2);
    const rf = times(weight("ffn.receptance.weight"), ffnMix("r")).map(sigmoid);
    return plus(
      x,
      times(weight("ffn.value.weight"), kf).map((value, c) => rf[c]! * value),
    );
  };
}

/** w = exp(−exp(d)); RWKV-6 adds a low-rank function of x_w to d. */
function decays(xw: Vector | undefined, weight: Weight): Vector {
  const own =
    xw === undefined
      ? undefined
      : rowTimes(tanh(rowTimes(xw, weight("att.time_decay_w1"))), weight("att.time_decay_w2"));
  return weight("att.time_decay").map((d, c) => Math.exp(-Math.exp(d + (own?.[c] ?? 0))));
}

function mixes5(x: Vector, before: Vector, weight: Weight, part: "att" | "ffn"): Mix {
  return (letter) => {
    const mu = weight(`${part}.time_mix_${letter}`);
    return x.map((value, c) => value * mu[c]! + before[c]! * (1 - mu[c]!));
  };
}

function mixes6(x: Vector, before: Vector, weight: Weight): Mix {
  const z = tanh(rowTimes(lerp(x, before, weight("att.time_maa_x")), weight("att.time_maa_w1")));
  const D = z.length / 5;
  return (letter) => {
    const row = "wkvrg".indexOf(letter);
    const w2 = weight("att.time_maa_w2").slice(row * D * x.length, (row + 1) * D * x.length);
    return lerp(x, before, plus(weight(`att.time_maa_${letter}`), rowTimes(z.slice(row * D, (row + 1) * D), w2)));
  };
}

/** x + (x⁻ − x) ⊙ μ */
function lerp(x: Vector, before: Vector, mu: Vector): Vector {
  return x.map((value, c) => value + (before[c]! - value) * mu[c]!);
}

function tanh(x: Vector): Vector {
  return x.map(Math.tanh);
}

/** The group norm ln_x: normalizes each head of N channels on its own. */
function heads(y: Vector, N: number, weight: Weight): Vector {
  const of = (values: Vector, at: number): Vector => values.slice(at, at + N);
  const starts = Array.from({ length: y.length / N }, (_, head) => head * N);
  return starts.flatMap((at) =>
    norm(of(y, at), of(weight("att.ln_x.weight"), at), of(weight("att.ln_x.bias"), at), 64e-5),
  );
}
