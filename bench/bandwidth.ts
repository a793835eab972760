import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Dimensions } from "../src/rwkv/architecture.js";
import { isHalfPrecision } from "../src/rwkv/weights/dtypes.js";
import {
  formatOfMatrix,
  isBigMatrix,
  isLowRank,
  shapeOfValues,
  weightBytes,
  type WeightFormat,
} from "../src/rwkv/weights/matrices.js";
import type { TensorSource } from "../src/rwkv/weights/tensorSource.js";

/** Bytes of weights that a model reads to decode a token: all tensors, but only one row of the embedding. */
export function bytesOfToken(source: TensorSource, { width }: Dimensions, format: WeightFormat): number {
  let bytes = 0;
  for (const name of source.names.filter((one) => !one.endsWith(".scale"))) {
    const shape = shapeOfValues(source, name);
    const count = shape.reduce((product, length) => product * length, 1);
    const plainBytes = isLowRank(name) && isHalfPrecision(source.dtype(name)) ? 2 : Float32Array.BYTES_PER_ELEMENT;
    if (isBigMatrix(name)) bytes += count * weightBytes[formatOfMatrix(name, shape.at(-1) ?? 0, format)];
    else bytes += (name === "emb.weight" ? width : count) * plainBytes;
  }
  return bytes;
}

/** Measures the read bandwidth of memory with a program from native/bench that is compiled for this machine. */
export class Bandwidth {
  readonly #folder = mkdtempSync(path.join(os.tmpdir(), "rwkv-code-bandwidth-"));
  readonly #program = path.join(this.#folder, "bandwidth");

  /** Compiles the program; undefined if that fails, for instance without a C++ compiler. */
  static compiled(root: string): Bandwidth | undefined {
    const bandwidth = new Bandwidth();
    const sources = ["bench/bandwidth.cpp", "engine/arena.cpp"].map((file) => path.join(root, "native", file));
    const flags = ["-std=c++17", "-O3", "-march=native", "-pthread", ...sources, "-o", bandwidth.#program];
    if (spawnSync(process.env["CXX"] ?? "c++", flags).status === 0) return bandwidth;
    bandwidth.dispose();
    return undefined;
  }

  /**
   * Reads this many bytes repeatedly.
   * @returns GB/s (10^9 bytes). If the bytes fit into a cache, this is the cache's bandwidth.
   */
  measure(bytes: number, threads: number): number {
    const { stdout, status } = spawnSync(this.#program, [String(Math.ceil(bytes / 2 ** 20)), String(threads)]);
    if (status !== 0) throw new Error("the bandwidth could not be measured");
    return Number(stdout.toString());
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
