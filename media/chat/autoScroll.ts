/** Pixels from the end that count as the end when the user scrolls down. */
const tolerance = 24;
/** Pixels from the end that count as the end when the user scrolls up. Not 0, because positions can be fractions. */
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
      // The view stops following the end only if the user scrolls up.
      this.#isAtEnd = scrollTop < this.#top ? fromEnd <= atEnd : this.#isAtEnd || fromEnd <= tolerance;
      this.#top = scrollTop;
    });
    new ResizeObserver(() => {
      this.follow();
    }).observe(scrolled);
  }

  /** Scrolls to the end if the user has left the element there. Call after content was added. */
  follow(): void {
    if (this.#isAtEnd) this.#scrolled.scrollTop = this.#scrolled.scrollHeight;
  }

  goToEnd(): void {
    this.#isAtEnd = true;
    this.follow();
  }
}
