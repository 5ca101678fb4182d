import { refOf, type SchemaOf } from '../enforcement/tables';
import { DefinitionError } from '../errors';
import type { ModelClass } from '../models/capabilities';
import { literal, qualified } from '../sql/identifiers';
import type { Scope } from './fragment';
import { bodyRows } from './rows';
import { settingsOff } from './runtime/select';
import { meaningful, tokens } from './tokens';
import type { Trigger } from './trigger';

/** What a trigger's pieces are rendered for. */
export function scopeOf(model: ModelClass, trigger: Trigger, schemaOf: SchemaOf, rows: Pick<Scope, 'row'>): Scope {
  return { model, trigger: trigger.name, table: (each) => qualified(refOf(each.getTableName(), schemaOf)), ...rows };
}

/** The declarations and the statements of a trigger's function. */
export function bodyOf(
  model: ModelClass,
  trigger: Trigger,
  schemaOf: SchemaOf,
): { declare: string; statements: string } {
  const scope = scopeOf(model, trigger, schemaOf, bodyRows(model, trigger));
  const { declare, suppress } = trigger.options;
  const declared = ended(declare?.render(scope) ?? '');
  const body = ended(trigger.options.body.render(scope));
  const settings = suppress ? settingsOff(model, suppress) : [];
  if (settings.length > 0) refuseReturn(trigger.name, body);
  const statements = settings.length > 0 ? suppressing(settings, body) : { before: '', body, after: '' };
  return {
    declare: [declared, statements.before].filter(Boolean).join('\n'),
    statements: [statements.body, statements.after, returning(trigger)].filter(Boolean).join('\n'),
  };
}

/** With a semicolon at the end, for what comes after it. */
function ended(code: string): string {
  const last = meaningful(code).at(-1);
  if (!last || last.text === ';') return code;
  // What stands after `--` is no semicolon.
  return tokens(code).some(({ text }) => text.startsWith('--')) ? `${code}\n;` : `${code.trimEnd()};`;
}

/** @throws DefinitionError the body returns by itself, past what puts things back */
function refuseReturn(trigger: string, body: string): void {
  const code = meaningful(body);
  // A column may be called so; unquoted, it is told by its row.
  const returns = ({ kind, text }: (typeof code)[number], n: number) =>
    kind === 'word' && text.toUpperCase() === 'RETURN' && code[n - 1]?.text !== '.';
  if (!code.some(returns)) return;
  throw new DefinitionError(
    `The trigger "${trigger}" suppresses others, which come back at its end: its body must not RETURN. Write IF … THEN … END IF; the row goes its way.`,
  );
}

// PostgreSQL lets nobody but a superuser put a setting of ours into a function's SET clause.
function suppressing(settings: readonly string[], body: string) {
  const names = settings.map((name) => literal(name));
  const before = names.map((name) => `coalesce(pg_catalog.current_setting(${name}, true), '')`);
  const set = (value: (n: number) => string) =>
    `PERFORM ${names.map((name, n) => `pg_catalog.set_config(${name}, ${value(n)}, true)`).join(', ')};`;
  return {
    before: `guitars_before CONSTANT text[] := ARRAY[${before.join(', ')}];`,
    body: `${set(() => "'on'")}\nBEGIN\n${body}\nEND;`,
    after: set((n) => `guitars_before[${n + 1}]`),
  };
}

/** The row goes its way. Unreachable where the body returns by itself. */
function returning({ options, level, operations }: Trigger): string {
  if (level === 'statement' || options.when === 'after') return 'RETURN NULL;';
  const deletes = operations.some(({ event }) => event === 'DELETE');
  if (!deletes) return 'RETURN NEW;';
  if (operations.length === 1) return 'RETURN OLD;';
  return "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\nRETURN NEW;";
}
