import { DefinitionError } from '../errors';
import { can, type ModelClass, optionsOf } from '../models/capabilities';
import { inside } from '../models/internals';
import type { SoftDeletePolicy } from '../models/options';
import { type TableRef, tableKey } from '../sql/identifiers';
import { refOf, type SchemaOf, type Table } from './tables';

/** A foreign key between two tables that the models know. */
export interface Edge {
  readonly child: Table;
  readonly column: string;
  readonly parent: TableRef;
  readonly parentColumn: string;
  /** The parent's table where its model is soft-deletable. */
  readonly softParent: Table | undefined;
  /** What the key does when the parent is physically deleted. */
  readonly onDelete: string;
  /** What archiving the parent does. `keep` where the parent cannot be archived. */
  readonly policy: SoftDeletePolicy;
}

interface Reference {
  references?: string | { model: unknown; key?: string };
  onDelete?: string;
  field?: string;
}

const POLICIES: Record<string, SoftDeletePolicy> = {
  CASCADE: 'cascade',
  RESTRICT: 'restrict',
  'NO ACTION': 'restrict',
  'SET NULL': 'keep',
  'SET DEFAULT': 'keep',
};

/** The foreign keys of the soft-deletable tables among `tables`, by attribute. */
export function edgesOf(tables: readonly Table[], schemaOf: SchemaOf): Edge[] {
  const soft = new Map(tables.filter((table) => table.soft).map((table) => [tableKey(table.table), table]));
  const edges: Edge[] = [];
  for (const child of soft.values()) {
    for (const [attribute, definition] of attributesOf(child)) {
      const { references, onDelete, field } = definition as Reference;
      if (!references) continue;
      const target = typeof references === 'object' ? references : { model: references };
      const parent = refOf(target.model, schemaOf);
      const softParent = soft.get(tableKey(parent));
      const action = (onDelete ?? 'NO ACTION').toUpperCase();
      const override = softParent && overrideOf(child, softParent, attribute);
      const policy = softParent ? (override ?? POLICIES[action] ?? 'restrict') : 'keep';
      const parentColumn = target.key ?? softParent?.key[0] ?? 'id';
      edges.push({ child, column: field ?? attribute, parent, parentColumn, softParent, onDelete: action, policy });
    }
  }
  return edges;
}

/** The attributes of all models of a table, each column once. */
function attributesOf({ models }: Table): [string, Reference][] {
  const all = models.flatMap((model) => Object.entries(inside(model).rawAttributes) as [string, Reference][]);
  // The model that declares the key speaks for the column.
  const declared = [...all.filter(([, { references }]) => references), ...all];
  return [
    ...new Map(declared.reverse().map(([name, definition]) => [definition.field ?? name, [name, definition]])).values(),
  ] as [string, Reference][];
}

/**
 * Looks at every alias in `guitar.onSoftDelete`.
 *
 * @throws DefinitionError an alias is unknown, or one end of the association cannot be archived
 */
export function checkOverrides(tables: readonly Table[]): void {
  for (const model of tables.flatMap(({ models }) => models)) {
    for (const alias of Object.keys(optionsOf(model)?.onSoftDelete ?? {})) {
      const association = model.associations[alias];
      if (!association) {
        throw new DefinitionError(
          `${model.name}: guitar.onSoftDelete names "${alias}", which is no association of it. ` +
            `Use one of: ${Object.keys(model.associations).join(', ') || '(it has none)'}.`,
        );
      }
      const target = association.target as unknown as ModelClass;
      if (!can(target, 'soft') || !can(model, 'soft')) {
        const plain = can(target, 'soft') ? model : target;
        throw new DefinitionError(
          `${model.name}: guitar.onSoftDelete.${alias} asks to archive along an association to ${plain.name}, which is not ` +
            `soft-deletable. Make it Guitar or SoftDeletable, or remove the override: rows without a deletion time are left alone.`,
        );
      }
    }
  }
}

/** The override that either end gives for this foreign key; the parent's word counts when both speak. */
function overrideOf(child: Table, parent: Table, attribute: string): SoftDeletePolicy | undefined {
  for (const from of [...parent.models, ...child.models]) {
    for (const [alias, policy] of Object.entries(optionsOf(from)?.onSoftDelete ?? {})) {
      const association = from.associations[alias] as unknown as Association | undefined;
      if (!association || association.foreignKey !== attribute) continue;
      const [holder, target] =
        association.associationType === 'BelongsTo' ? [from, association.target] : [association.target, from];
      if (sameTable(holder, child.model) && sameTable(target, parent.model)) return policy;
    }
  }
  return undefined;
}

interface Association {
  associationType: string;
  foreignKey: string;
  target: ModelClass;
}

const sameTable = (one: ModelClass, other: ModelClass) =>
  JSON.stringify(one.getTableName()) === JSON.stringify(other.getTableName());
