import {
  constraintTrigger,
  type EnforcedObject,
  triggerFunction,
  trigger as triggerObject,
} from '../enforcement/object';
import { refOf, type SchemaOf } from '../enforcement/tables';
import { can, type ModelClass } from '../models/capabilities';
import { ident, qualified, type TableRef } from '../sql/identifiers';
import { doorClosed } from '../sql/settings';
import { bodyOf, scopeOf } from './body';
import { attributeOf, type Scope } from './fragment';
import { functionName, offSetting, triggerName } from './names';
import type { Operation } from './operations';
import { triggersOf } from './registry';
import { conditionRows } from './rows';
import type { Trigger } from './trigger';

/** The objects that a model's declared triggers call for. */
export function declaredObjects(model: ModelClass, schemaOf: SchemaOf): EnforcedObject[] {
  const table = refOf(model.getTableName(), schemaOf);
  return triggersOf(model).flatMap((trigger) => {
    trigger.recipe.check?.(model);
    return objectsOf(model, table, trigger, schemaOf);
  });
}

function objectsOf(model: ModelClass, table: TableRef, trigger: Trigger, schemaOf: SchemaOf): EnforcedObject[] {
  const parts = { model: model.name, table };
  const name = functionName(table, trigger);
  const { declare, statements } = bodyOf(model, trigger, schemaOf);
  const fn = triggerFunction(parts, name, statements, {
    declare,
    written: ['trigger', 'composer'].includes(trigger.kind),
    refuses: ['fsm', 'protect', 'appendOnly', 'readOnly'].includes(trigger.kind),
  });
  const execute = `${qualified({ schema: 'guitars', name })}()`;
  const triggers = split(model, trigger).map(({ operations, part }) =>
    one(model, table, trigger, { operations, name: triggerName(table, trigger, part), execute, schemaOf }),
  );
  return [fn, ...triggers].map((object) => ({ ...object, declared: trigger.name }));
}

/** Before the DELETE of a row, on a table whose DELETEs archive: only where the row goes, and so by another name. */
function split(model: ModelClass, { options, level, operations }: Trigger) {
  const apart = (each: Operation) =>
    options.when === 'before' && level === 'row' && can(model, 'soft') && each.event === 'DELETE';
  const parts = [
    { part: 'changes' as const, operations: operations.filter((each) => !apart(each)) },
    { part: 'deletes' as const, operations: operations.filter(apart) },
  ];
  return parts.filter((each) => each.operations.length > 0);
}

interface Made {
  readonly operations: readonly Operation[];
  readonly name: string;
  readonly execute: string;
  readonly schemaOf: SchemaOf;
}

function one(model: ModelClass, table: TableRef, trigger: Trigger, { operations, name, execute, schemaOf }: Made) {
  const { when, timing, referencing, condition } = trigger.options;
  const scope = scopeOf(model, trigger, schemaOf, conditionRows(model, trigger, operations));
  const spec = {
    event: `${when.toUpperCase()} ${eventsOf(operations, scope)}`,
    level: trigger.level.toUpperCase() as 'ROW' | 'STATEMENT',
    // The condition first: it is cheaper than the setting, and mostly false.
    when:
      [
        ...(condition ? [condition.render(scope)] : []),
        ...(trigger.ignorable ? [doorClosed(offSetting(model, trigger.name))] : []),
      ].join(' AND ') || undefined,
    referencing: referencing && transition(referencing),
    execute,
  };
  const parts = { model: model.name, table };
  return timing ? constraintTrigger(parts, name, spec, timing === 'deferred') : triggerObject(parts, name, spec);
}

function eventsOf(operations: readonly Operation[], scope: Scope): string {
  const updates = operations.filter(({ event }) => event === 'UPDATE');
  const columns = updates.flatMap(({ fields = [] }) => fields.map((field) => ident(attributeOf(scope, field).column)));
  // PostgreSQL takes each event once.
  const limited = updates.length > 0 && updates.every(({ fields }) => fields);
  const update = limited ? `UPDATE OF ${[...new Set(columns)].join(', ')}` : 'UPDATE';
  return [...new Set(operations.map(({ event }) => (event === 'UPDATE' ? update : event)))].join(' OR ');
}

const transition = ({ old, new: fresh }: { old?: string; new?: string }) =>
  [...(old ? [`OLD TABLE AS ${ident(old)}`] : []), ...(fresh ? [`NEW TABLE AS ${ident(fresh)}`] : [])].join(' ');
