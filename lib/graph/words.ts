import type { GraphKey, GraphModel } from './describe';

const SOFT: Record<GraphKey['soft'], string> = {
  cascade: 'archives',
  restrict: 'refuses',
  keep: 'keeps',
  none: 'nothing',
};
const HARD: Record<string, string> = {
  CASCADE: 'removes',
  'SET NULL': 'sets NULL',
  'SET DEFAULT': 'sets DEFAULT',
};

/** What the soft and the hard delete of a parent do to its children, in a word each. */
export const doesSoft = ({ soft }: GraphKey) => SOFT[soft];
export const doesHard = ({ hard }: GraphKey) => HARD[hard] ?? 'refuses';

/** A key in a sentence. */
export function sentence(key: GraphKey): string {
  const soft = {
    cascade: `archives the live rows of ${key.child} that refer to it`,
    restrict: `is refused while a live row of ${key.child} refers to it`,
    keep: `leaves the rows of ${key.child} and their link alone`,
    none: `leaves the rows of ${key.child} alone`,
  }[key.soft];
  const hard =
    { CASCADE: 'removes them', 'SET NULL': 'sets the link to NULL', 'SET DEFAULT': 'sets the link to its default' }[
      key.hard
    ] ?? 'is refused while one refers to it';
  return `${key.child}.${key.column} (${key.hard}): archiving a row of ${key.parent} ${soft}; removing it ${hard}.`;
}

/** What a model's box says below its name. */
export function linesOf(model: GraphModel): string[] {
  const { schema, table, rung, engine, times, liveUnique, hardDeleteRole, objects } = model;
  const count = Object.values(objects).reduce((sum, n) => sum + n, 0);
  return [
    `${schema}.${table}`,
    engine ? `${rung}, ${engine} engine` : rung,
    ...(times.length > 0 ? [times.join(', ')] : []),
    ...liveUnique.map(({ columns }) => `unique among live: ${columns.join(', ')}`),
    ...(hardDeleteRole ? [`hard delete: role ${hardDeleteRole}`] : []),
    count > 0 ? `${count} enforced objects` : 'nothing enforced',
  ];
}
