import { putBack } from '../make/difference';
import { fold } from '../make/recorded';
import { keyOf, type Step } from '../make/step';
import type { Direction, FolderMigration } from './folder';

/**
 * What running or undoing a generated migration sends, so that the database holds what the migrations that have run add
 * up to, in the order of their names. In a straight history that is the migration's own SQL; where branches were
 * merged, one that runs late leaves alone what a later one has made, and one that is undone leaves what another needs.
 *
 * @param applied the other migrations that have run
 * @returns undefined where it is the migration's own
 */
export function mergedSql(
  direction: Direction,
  migration: FolderMigration,
  applied: readonly FolderMigration[],
): string[] | undefined {
  const { steps } = migration;
  if (steps.length === 0) return undefined;
  const others = applied.filter(({ name }) => name !== migration.name);
  const all = [...others, migration].sort((one, other) => (one.name < other.name ? -1 : 1));
  const without = standing(others);
  const withIt = standing(all);
  const ordered = direction === 'up' ? steps : [...steps].reverse();
  const change = direction === 'up' ? forward(withIt) : backward(without, withIt);
  const merged = ordered.flatMap(change);
  const own = ordered.flatMap((step) => step[direction]);
  return text(merged) === text(own) ? undefined : merged;
}

const text = (statements: readonly string[]) => statements.map((sql) => sql.trim().replace(/;$/, '')).join(';\n');

const standing = (migrations: readonly FolderMigration[]) => fold(migrations.flatMap(({ steps }) => steps));

type Standing = ReturnType<typeof standing>;

/** A step runs where it is the last word on its object. */
const forward = (withIt: Standing) => (step: Step) =>
  (withIt.get(keyOf(step))?.step.digest ?? '') === step.digest ? step.up : [];

const backward = (without: Standing, withIt: Standing) => (step: Step) => {
  const [target, present] = [without.get(keyOf(step)), withIt.get(keyOf(step))];
  if (target?.step.digest === present?.step.digest) return [];
  if (target) return putBack(target);
  return step.drop ?? step.down;
};
