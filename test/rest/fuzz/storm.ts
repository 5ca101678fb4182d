import { told, wrongWith } from './judge';
import { request } from './request';
import type { Target } from './target';
import { exchange } from './wire';

/** A run of requests. */
export interface Storm {
  readonly seed: number;
  /** How many requests. */
  readonly requests: number;
  readonly port: number;
  readonly targets: readonly Target[];
}

/** What came of it. */
export interface Outcome {
  /** Reports of what is wrong. */
  readonly wrong: readonly string[];
  /** How many answers there were of each status. */
  readonly statuses: ReadonlyMap<number, number>;
}

/** As many at a time as contend for rows and connections. */
const AT_ONCE = 8;

/** Sends requests, some at a time, and judges the answers. */
export async function storm({ seed, requests, port, targets }: Storm): Promise<Outcome> {
  const wrong: string[] = [];
  const statuses = new Map<number, number>();
  let next = 0;
  const send = async () => {
    while (next < requests) {
      const number = next++;
      const sent = request(seed, number, targets);
      const report = (what: string) =>
        wrong.push(`${what}\n  GUITARS_FUZZ_SEED=${seed}, request ${number}: ${told(sent)}`);
      try {
        const answers = await exchange(port, sent);
        for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
        const found = wrongWith(sent, answers);
        if (found.length > 0) report(`${found.join(' ')} ${answers.map(({ body }) => body.slice(0, 500)).join(' | ')}`);
      } catch (error) {
        report((error as Error).message);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  return { wrong, statuses };
}
