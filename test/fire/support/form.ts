import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Whether `npm run test:fire` runs this: the long form. `npm test` runs a short form of each part. */
export const LONG = process.env.GUITARS_FIRE === 'long';

/** How many of something to do: in the short form, in the long one, or as many as the environment variable says. */
export function amount(short: number, long: number, variable?: string): number {
  const asked = variable ? Number(process.env[variable]) : 0;
  return asked || (LONG ? long : short);
}

/** The seed of `GUITARS_SEED`, to run one history again; otherwise undefined. */
export const SEED = process.env.GUITARS_SEED ? Number(process.env.GUITARS_SEED) : undefined;

const FIGURES = path.resolve(__dirname, '../../../test-results/fire');

/**
 * Keeps what the long form of a part came to, in `test-results/fire/<part>.json`, with the date and the machine; prints it too.
 * `docs/reliability.md` quotes these files.
 */
export function figures(part: string, found: Record<string, unknown>): void {
  if (LONG) console.log(keep(part, found));
}

/** As `figures`, in any form, without printing. */
export function keep(part: string, found: Record<string, unknown>): string {
  const about = {
    part,
    date: new Date().toISOString(),
    machine: `${os.availableParallelism()} cores, ${Math.round(os.totalmem() / 2 ** 30)} GiB, ${os.platform()} ${os.arch()}, Node ${process.versions.node}`,
    load: os.loadavg()[0],
  };
  const text = JSON.stringify({ ...about, ...found }, null, 2);
  fs.mkdirSync(FIGURES, { recursive: true });
  fs.writeFileSync(path.join(FIGURES, `${part.replaceAll(/[^a-z0-9-]+/g, '-')}.json`), `${text}\n`);
  return text;
}
