/** Pixels from the end that still count as the end. */
const tolerance = 24;

/** Keeps a scrolled element at its end for as long as the user leaves it there. */
export class Follower {
  readonly #scrolled: HTMLElement;
  #isAtEnd = true;
  #top = 0;

  constructor(scrolled: HTMLElement) {
    this.#scrolled = scrolled;
    scrolled.addEventListener("scroll", () => {
      const { scrollTop, scrollHeight, clientHeight } = scrolled;
      const isAtEnd = scrollTop + clientHeight >= scrollHeight - tolerance;
      // What grows below does not end the following: only going up does.
      this.#isAtEnd = scrollTop < this.#top ? isAtEnd : this.#isAtEnd || isAtEnd;
      this.#top = scrollTop;
    });
    new ResizeObserver(() => {
      this.follow();
    }).observe(scrolled);
  }

  /** To be called when something was added. */
  follow(): void {
    if (this.#isAtEnd) this.#scrolled.scrollTop = this.#scrolled.scrollHeight;
  }

  goToEnd(): void {
    this.#isAtEnd = true;
    this.follow();
  }
}
