import { ident, literal, qualified, tableKey } from '../../../sql/identifiers';
import { select } from '../../catalog';
import type { Edge } from '../../edges';
import { type Finding, failure, type Subject, warning } from '../finding';
import { type CatalogKey, catalogKeys, definition, remake, told } from './catalog';
import { type ModelKey, modelKeys } from './models';

/** Foreign keys: what the catalog has against what the models say. */
export async function keys(subject: Subject): Promise<Finding[]> {
  const found = await catalogKeys(subject);
  const known = await modelKeys(subject);
  // The keys of tables whose rows are archived are edges; those of others are only looked up.
  const isDeclared = (key: CatalogKey) =>
    !subject.plan.graph.at(key.child)?.soft &&
    known.some(
      ({ childId, parentId, column }) =>
        key.columns.length === 1 && key.columns[0] === column && key.childId === childId && key.parentId === parentId,
    );
  const findings = found.flatMap((key) => {
    const edge = edgeOf(subject, key);
    if (edge) return differences(edge, key);
    return isDeclared(key) ? [] : unknown(subject, key);
  });
  return [...findings, ...(await missing(subject, found, known))];
}

/** The edge of the graph that a key is; undefined where its child's rows are not archived. */
function edgeOf({ plan }: Subject, key: CatalogKey): Edge | undefined {
  if (key.columns.length !== 1) return undefined;
  return plan.graph.edges.find(
    ({ child, column, parent, parentColumn }) =>
      column === key.columns[0] &&
      parentColumn === key.parentColumns[0] &&
      child === plan.graph.at(key.child) &&
      tableKey(parent) === tableKey(key.parent),
  );
}

function unknown({ plan }: Subject, key: CatalogKey): Finding[] {
  const child = plan.graph.at(key.child);
  const model = (child ?? plan.graph.at(key.parent))?.name ?? key.child.name;
  const composite = key.columns.length > 1;
  const what = `the ${composite ? 'composite ' : ''}foreign key ${key.name} (${told(key)}, ON DELETE ${key.onDelete}) is unknown to the models`;
  const declare = composite ? 'Have it refer by one column that a model declares' : 'Declare it in a model';
  if (child?.soft && key.onDelete === 'CASCADE') {
    const remedy = remake(key, 'RESTRICT');
    const harm =
      'so archiving does not follow it, and a hard delete of its parent leaves archived rows that point at nothing';
    return [failure('unknown_key', model, `${what}, ${harm}. ${declare}, or run: ${remedy}`, { remedy })];
  }
  const remedy = `ALTER TABLE ${qualified(key.child)} DROP CONSTRAINT ${ident(key.name)};`;
  const harm = 'so its rows stay as they are when their parent is archived, and a hard delete does as the key says';
  return [warning('unknown_key', model, `${what}, ${harm}. ${declare}, or run: ${remedy}`, { remedy })];
}

/** NO ACTION and RESTRICT refuse alike. */
const alike = (action: string) => (action === 'RESTRICT' ? 'NO ACTION' : action);

function differences(edge: Edge, key: CatalogKey): Finding[] {
  const model = edge.child.name;
  const what = `the foreign key ${key.name} (${told(key)})`;
  const found: Finding[] = [];
  if (alike(edge.onDelete) !== alike(key.onDelete)) {
    const remedy = remake(key, edge.onDelete);
    const message = `${what} is ON DELETE ${key.onDelete}, and the model says ${edge.onDelete}. Change the model, or run: ${remedy}`;
    found.push(failure('key_differs', model, message, { remedy }));
  } else if (!key.enforced || key.off || !key.validated) {
    const only = key.enforced && !key.off;
    const why = only ? 'was never checked against all rows' : 'is switched off, so rows may point at nothing';
    const remedy = only
      ? `ALTER TABLE ${qualified(key.child)} VALIDATE CONSTRAINT ${ident(key.name)};`
      : remake(key, edge.onDelete);
    found.push(failure('unchecked_key', model, `${what} ${why}. Run: ${remedy}`, { remedy }));
  }
  if (key.deferrable) {
    const remedy = `ALTER TABLE ${qualified(key.child)} ALTER CONSTRAINT ${ident(key.name)} NOT DEFERRABLE;`;
    const message = `${what} is deferrable, so within a transaction a row may be without its parent, and then a DELETE removes it and nobody checks whether the parent is archived. Run: ${remedy}`;
    // Where archiving does not follow the key, as little as without it.
    found.push((edge.policy === 'keep' ? warning : failure)('deferrable_key', model, message, { remedy }));
  }
  return found;
}

/** Keys that the models declare and the database has not. */
async function missing(subject: Subject, found: readonly CatalogKey[], known: readonly ModelKey[]): Promise<Finding[]> {
  // A partition's own key says nothing of the other partitions.
  const isOf = (edge: Edge) => (key: CatalogKey) =>
    tableKey(key.child) === tableKey(edge.child.table) && edgeOf(subject, key) === edge;
  const absent = subject.edges.filter((edge) => !found.some(isOf(edge)));
  if (absent.length === 0) return [];
  const values = absent.map(({ parent }, n) => `(${n}, to_regclass(${literal(qualified(parent))}))`);
  const sql = `SELECT n FROM (VALUES ${values.join(', ')}) AS parents(n, target) WHERE target IS NOT NULL ORDER BY n`;
  const rows = await select<{ n: number }>(subject.sequelize, sql);
  return rows.map(({ n }) => {
    const { child, column, parent, parentColumn, onDelete } = absent[n] as Edge;
    const onUpdate = known.find((key) => key.model === child.name && key.column === column)?.onUpdate ?? 'NO ACTION';
    const key = { columns: [column], parent, parentColumns: [parentColumn], onUpdate };
    const remedy = `ALTER TABLE ${qualified(child.table)} ADD ${definition(key, onDelete)};`;
    const message = `the foreign key "${column}" onto ${parent.name} is not in the database, so rows may point at nothing. Run: ${remedy}`;
    return failure('missing_key', child.name, message, { remedy });
  });
}
