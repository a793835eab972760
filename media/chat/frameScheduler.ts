/** After a paint, waits four times as long as the paint took, so that painting takes at most a fifth of the time. */
const idlePerPaint = 4;

/** Paints at most once per frame, however often a paint is requested. */
export class FrameScheduler {
  readonly #paint: () => void;
  #isRequested = false;
  #notBefore = 0;

  constructor(paint: () => void) {
    this.#paint = paint;
  }

  request(): void {
    if (this.#isRequested) return;
    this.#isRequested = true;
    setTimeout(() => requestAnimationFrame(this.#run), Math.max(0, this.#notBefore - performance.now()));
  }

  /** Drops the pending request, if any. Call when everything has been painted in another way. */
  cancel(): void {
    this.#isRequested = false;
  }

  readonly #run = (): void => {
    if (!this.#isRequested) return;
    this.#isRequested = false;
    const start = performance.now();
    this.#paint();
    const end = performance.now();
    this.#notBefore = end + (end - start) * idlePerPaint;
  };
}
