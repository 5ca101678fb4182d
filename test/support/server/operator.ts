import { execFileSync } from 'node:child_process';

/** The operating-system user the server runs as; empty for "whoever runs node". */
export interface Operator {
  uid?: number;
  gid?: number;
}

/** PostgreSQL refuses to run as root: there it runs as `postgres`, or as `nobody` where that user does not exist. */
export function operator(): Operator {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    const uid = id('-u', user);
    const gid = id('-g', user);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error(
    'PostgreSQL does not run as root, and there is no user "postgres" or "nobody". Add one, or set DATABASE_URL.',
  );
}

function id(flag: '-u' | '-g', user: string): number | undefined {
  try {
    return Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined;
  }
}
