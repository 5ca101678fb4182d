import { refOf, type SchemaOf } from '../enforcement/tables';
import { DefinitionError } from '../errors';
import type { ModelClass } from '../models/capabilities';
import { literal, qualified } from '../sql/identifiers';
import type { Scope } from './fragment';
import { settingsOff } from './runtime/select';
import type { Trigger } from './trigger';

/** What a trigger's pieces are rendered for. */
export function scopeOf(
  model: ModelClass,
  trigger: Trigger,
  schemaOf: SchemaOf,
  rows: Pick<Scope, 'row' | 'changes'> = { row: (side) => (side === 'old' ? 'OLD' : 'NEW') },
): Scope {
  return { model, trigger: trigger.name, table: (each) => qualified(refOf(each.getTableName(), schemaOf)), ...rows };
}

/** The declarations and the statements of a trigger's function. */
export function bodyOf(
  model: ModelClass,
  trigger: Trigger,
  schemaOf: SchemaOf,
): { declare: string; statements: string } {
  const scope = scopeOf(model, trigger, schemaOf, trigger.recipe.rows?.(model, trigger.operations));
  const { body, declare, suppress } = trigger.options;
  const declared = declare?.render(scope) ?? '';
  const settings = suppress ? settingsOff(model, suppress) : [];
  if (settings.length > 0) refuseReturn(trigger.name, body.render(scope));
  const statements =
    settings.length > 0
      ? suppressing(settings, body.render(scope))
      : { before: '', body: body.render(scope), after: '' };
  return {
    declare: [declared, statements.before].filter(Boolean).join('\n'),
    statements: [statements.body, statements.after, returning(trigger)].filter(Boolean).join('\n'),
  };
}

/** @throws DefinitionError the body returns by itself, past what puts things back */
function refuseReturn(trigger: string, body: string): void {
  const code = body.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, ' ');
  if (!/\bRETURN\b/i.test(code)) return;
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
