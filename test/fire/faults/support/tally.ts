/** Counts what has happened, for the figures of a long run. */
export class Tally {
  readonly figures: Record<string, number> = {};

  count(what: string, by = 1): void {
    this.figures[what] = (this.figures[what] ?? 0) + by;
  }
}
