/** Pixels from the end that still count as the end, for who comes back to it. */
const tolerance = 24;
/** The same for who goes up; the end itself is at a fraction of a pixel. */
const atEnd = 1;

/** Keeps a scrolled element at its end for as long as the user leaves it there. */
export class AutoScroll {
  readonly #scrolled: HTMLElement;
  #isAtEnd = true;
  #top = 0;

  constructor(scrolled: HTMLElement) {
    this.#scrolled = scrolled;
    scrolled.addEventListener("scroll", () => {
      const { scrollTop, scrollHeight, clientHeight } = scrolled;
      const fromEnd = scrollHeight - clientHeight - scrollTop;
      // What grows below does not end the following, nor does what shrinks: only going up does.
      this.#isAtEnd = scrollTop < this.#top ? fromEnd <= atEnd : this.#isAtEnd || fromEnd <= tolerance;
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
