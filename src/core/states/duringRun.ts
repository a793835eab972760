/**
 * Does other work while a model run is in progress. Waits for the run even if the work fails, because the run's reader
 * is busy until then.
 * @throws the error of the run or, if the run succeeds, of the work.
 */
export async function duringRun<T, U>(run: Promise<T>, work: () => U): Promise<[T, U]> {
  const other = Promise.resolve().then(work);
  await Promise.allSettled([run, other]);
  return [await run, await other];
}
