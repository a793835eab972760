import { request } from "./request.js";

const maxWaitMs = 5000;

/**
 * Orders the addresses of a file: the one that answers a HEAD request first, then the others as fallbacks.
 * @throws the signal's reason.
 */
export async function fastestFirst(
  urls: readonly string[],
  signal: AbortSignal,
  waitMs = maxWaitMs,
): Promise<string[]> {
  if (urls.length < 2) return [...urls];
  const answered: string[] = [];
  const limit = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
  const first = urls.map(async (url) => {
    const { status } = await request({ url, method: "HEAD", isRedirectReturned: true, signal: limit });
    if (status >= 400) throw new Error(`${status}`);
    answered.push(url);
  });
  // Wait only for the first answer: the slower sources are fallbacks.
  await Promise.any(first).catch(() => undefined);
  signal.throwIfAborted();
  for (const one of first) one.catch(() => undefined);
  return [...answered, ...urls.filter((url) => !answered.includes(url))];
}
