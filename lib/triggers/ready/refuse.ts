import { literal } from '../../sql/identifiers';
import { Fragment } from '../fragment';

/** What a ready-made trigger says when it refuses. */
export interface Refusing {
  /** SQLSTATE. */
  readonly code: string;
  /** What the user calls the trigger. */
  readonly name: string;
  /** An SQL expression. */
  readonly message: string;
  readonly hint: string;
  /** An SQL expression: the name of the column at fault. */
  readonly column?: Fragment;
  /** An SQL expression. */
  readonly detail?: string;
}

/** A statement that refuses, with all that a program may want to know of it. */
export function refuse({ code, name, message, hint, column, detail }: Refusing): Fragment {
  return new Fragment((scope) => {
    const details = [
      `ERRCODE = '${code}'`,
      `MESSAGE = ${message}`,
      `HINT = ${literal(hint).trim()}`,
      'SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME',
      `CONSTRAINT = ${literal(name).trim()}`,
      ...(detail ? [`DETAIL = ${detail}`] : []),
      ...(column ? [`COLUMN = ${column.render(scope)}`] : []),
    ];
    return `RAISE EXCEPTION USING ${details.join(',\n  ')};`;
  });
}
