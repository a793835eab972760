/**
 * Does other work while a model run is in progress. If the work fails, the run is waited for nevertheless, because its
 * reader is busy until then.
 * @throws what the run or, if that succeeds, the work has thrown.
 */
export async function duringRun<T, U>(run: Promise<T>, work: () => U): Promise<[T, U]> {
  const other = Promise.resolve().then(work);
  await Promise.allSettled([run, other]);
  return [await run, await other];
}
