import type { Operation, Plan } from './operation';

/** What PostgreSQL may well answer to what the workers do. */
const EXPECTED: Record<string, string> = {
  '23503': 'foreign key violation',
  '23505': 'unique violation',
  '40001': 'serialization failure',
  '40P01': 'deadlock',
  '55P03': 'lock timeout',
  '57014': 'statement timeout',
  '57P01': 'connection ended by another worker',
  lost: 'the same, when it is used the next time',
};

/** What came of a round: the journal of what was asked for, and the errors. */
export class Tally {
  readonly journal: { op: string; history: string; operation: Operation }[] = [];
  /** By isolation level. */
  readonly transactions: Record<string, number> = {};
  /** By SQLSTATE, and by SQLSTATE and isolation level. */
  readonly errors: Record<string, number> = {};
  readonly errorsAt: Record<string, number> = {};
  readonly unexpected: string[] = [];
  committed = 0;
  cuts = 0;

  began({ level }: Plan): void {
    count(this.transactions, level);
  }

  /** Counts an error. @returns its SQLSTATE, or `lost` */
  failed(error: unknown, { level }: Plan, operation: Operation | undefined, name: string): string {
    const code = codeOf(error as Failure);
    count(this.errors, code);
    count(this.errorsAt, `${code} ${level}`);
    if (!isExpected(code, operation)) {
      this.unexpected.push(`${code} ${(error as Error).message} (${name} ${level}: ${JSON.stringify(operation)})`);
    }
    return code;
  }
}

export const isLost = (code: string): boolean => code === 'lost' || code.startsWith('57P0');

/** After these a savepoint does not help: the transaction has to be run again. */
export function isRetried(error: unknown): boolean {
  const code = codeOf(error as Failure);
  return isLost(code) || code === '40001' || code === '40P01';
}

export function count(counts: Record<string, number>, name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by;
}

/** PostgreSQL 18 has a code of its own for a RESTRICT key, where a row is deleted physically: by a door left open, too. */
function isExpected(code: string, operation: Operation | undefined): boolean {
  return (
    code in EXPECTED ||
    (code === '23001' && (operation?.kind === 'hard' || ['delete', 'using'].includes(operation?.how ?? '')))
  );
}

interface Failure {
  code?: string;
  parent?: { code?: string };
  message: string;
}

function codeOf(error: Failure): string {
  const code = error.parent?.code ?? error.code;
  if (code && /^[0-9A-Z]{5}$/.test(code) && code !== 'EPIPE') return code;
  return /terminat|ECONNRESET|EPIPE|not queryable|closed/i.test(`${code} ${error.message}`) ? 'lost' : (code ?? 'none');
}
