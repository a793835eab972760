import { request } from "./request.js";

const maxWaitMs = 5000;

/**
 * The addresses of one file: first those that answered, fastest first, then the others, because they may have the file
 * if the first ones do not.
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
  // One answer is enough: slower sources are needed only if that one fails.
  await Promise.any(first).catch(() => undefined);
  signal.throwIfAborted();
  for (const one of first) one.catch(() => undefined);
  return [...answered, ...urls.filter((url) => !answered.includes(url))];
}
