const bytes = 2 ** 26; // more than most caches hold
const rounds = 8;

/**
 * How fast one thread reads memory, in bytes per second: the best of several rounds, each of which compares two equal
 * buffers. It takes about a fifth of a second.
 */
export function memoryBandwidth(): number {
  const [a, b] = [Buffer.alloc(bytes, 1), Buffer.alloc(bytes, 1)];
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    const startMs = performance.now();
    if (a.compare(b) !== 0) throw new Error("memory changed by itself");
    best = Math.max(best, (2 * bytes * 1000) / (performance.now() - startMs));
  }
  return best;
}
