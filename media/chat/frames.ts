/** Painting takes at most a fifth of the time, whatever a picture of it costs. */
const restPerWork = 4;

/** Runs a paint before the next frame, once for all who asked meanwhile. */
export class Frames {
  readonly #paint: () => void;
  #isAsked = false;
  #notBefore = 0;

  constructor(paint: () => void) {
    this.#paint = paint;
  }

  ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    setTimeout(() => requestAnimationFrame(this.#run), Math.max(0, this.#notBefore - performance.now()));
  }

  /** What was asked for has been painted by other means. */
  drop(): void {
    this.#isAsked = false;
  }

  readonly #run = (): void => {
    if (!this.#isAsked) return;
    this.#isAsked = false;
    const start = performance.now();
    this.#paint();
    const end = performance.now();
    this.#notBefore = end + (end - start) * restPerWork;
  };
}
