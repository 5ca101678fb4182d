/** Numbers that look random and are the same for the same seed. */
export class Random {
  #state: number;

  /** @param seeds the numbers that the row of numbers depends on */
  constructor(...seeds: readonly number[]) {
    this.#state = seeds.reduce((state, seed) => Math.imul(state ^ seed, 0x9e3779b1) ^ (seed >>> 5), 0x85ebca6b);
    this.number();
  }

  /** From 0 on, less than 1 (mulberry32). */
  number(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** From 0 on, less than `below`. */
  below(below: number): number {
    return Math.floor(this.number() * below);
  }

  /** True once in `times` times. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(of: readonly T[]): T {
    return of[this.below(of.length)] as T;
  }

  /** As many as `most`, perhaps none; perhaps some twice. */
  several<T>(of: readonly T[], most: number): T[] {
    return Array.from({ length: this.below(most + 1) }, () => this.pick(of));
  }
}
