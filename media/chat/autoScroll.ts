/** A user who scrolls down to within this many pixels of the end counts as being at the end. */
const tolerance = 24;
/**
 * A user who scrolls up counts as being at the end only within this many pixels of it. Not 0, because scroll positions
 * can be fractions.
 */
const atEnd = 1;

/** Keeps an element scrolled to its end until the user scrolls up. */
export class AutoScroll {
  readonly #scrolled: HTMLElement;
  #isAtEnd = true;
  #top = 0;

  constructor(scrolled: HTMLElement) {
    this.#scrolled = scrolled;
    scrolled.addEventListener("scroll", () => {
      const { scrollTop, scrollHeight, clientHeight } = scrolled;
      const fromEnd = scrollHeight - clientHeight - scrollTop;
      // The view stops following the end only if the user scrolls up.
      this.#isAtEnd = scrollTop < this.#top ? fromEnd <= atEnd : this.#isAtEnd || fromEnd <= tolerance;
      this.#top = scrollTop;
    });
    new ResizeObserver(() => {
      this.follow();
    }).observe(scrolled);
  }

  /** Scrolls to the end, unless the user has scrolled away from it. Call after content was added. */
  follow(): void {
    if (this.#isAtEnd) this.#scrolled.scrollTop = this.#scrolled.scrollHeight;
  }

  goToEnd(): void {
    this.#isAtEnd = true;
    this.follow();
  }
}
