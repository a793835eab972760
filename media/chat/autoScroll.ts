/** Pixels from the end that count as the end when the user scrolls down. */
const tolerance = 24;
/** The same when the user scrolls up. Not 0, because scroll positions have fractions of a pixel. */
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
      // Only scrolling up ends the following: content that grows or shrinks does not.
      this.#isAtEnd = scrollTop < this.#top ? fromEnd <= atEnd : this.#isAtEnd || fromEnd <= tolerance;
      this.#top = scrollTop;
    });
    new ResizeObserver(() => {
      this.follow();
    }).observe(scrolled);
  }

  /** Call it after content was added. */
  follow(): void {
    if (this.#isAtEnd) this.#scrolled.scrollTop = this.#scrolled.scrollHeight;
  }

  goToEnd(): void {
    this.#isAtEnd = true;
    this.follow();
  }
}
