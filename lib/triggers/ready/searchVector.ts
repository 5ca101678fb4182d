import { DefinitionError } from '../../errors';
import { ident, literal } from '../../sql/identifiers';
import { attributeOf, Fragment, fresh, type Scope } from '../fragment';
import { insert, update } from '../operations';
import { Trigger } from '../trigger';
import { type Common, common, fieldOf } from './options';

/** How much a column counts in a search: A most. */
export type Weight = 'A' | 'B' | 'C' | 'D';

/** Options of {@link searchVector}. */
export interface SearchVectorOptions extends Common {
  /** The attribute of the type `tsvector`. */
  readonly field: string;
  /** The attributes that are searched, with their weights, or without. */
  readonly from: Readonly<Record<string, Weight>> | readonly string[];
  /** The text search configuration. Default: `pg_catalog.english`. */
  readonly config?: string;
}

/**
 * Keeps a `tsvector` in step with the columns that it is made of, whoever writes them.
 *
 * @throws DefinitionError there is nothing to search, or a weight that there is not
 * @example searchVector({ field: 'search', from: { title: 'A', body: 'B' } })
 */
export function searchVector(options: SearchVectorOptions): Trigger {
  const about = common('searchVector', options, ['field', 'from', 'config']);
  const field = fieldOf('searchVector', options.field);
  const { from, config = 'pg_catalog.english' } = options;
  const sources: [string, string][] = Array.isArray(from)
    ? from.map((name) => [name, 'D'])
    : Object.entries(from ?? {});
  if (sources.length === 0)
    throw new DefinitionError('searchVector() needs the attributes to search: { from: { title: "A" } }.');
  const odd = sources.find(([, weight]) => !/^[ABCD]$/.test(weight));
  if (odd) throw new DefinitionError(`searchVector() gives "${odd[0]}" the weight "${odd[1]}". Use A, B, C or D.`);
  const vector = (scope: Scope, [name, weight]: [string, string]) =>
    `pg_catalog.setweight(pg_catalog.to_tsvector(${literal(config).trim()}::pg_catalog.regconfig, coalesce(${fresh(name).render(scope)}::text, '')), '${weight}')`;
  const body = new Fragment(
    (scope) =>
      `NEW.${ident(attributeOf(scope, field).column)} := ${sources.map((source) => vector(scope, source)).join('\n  || ')};`,
  );
  // It comes after triggers that change what it is made of.
  return new Trigger({ order: 900, ...defined(about), when: 'before', operation: [insert, update], body } as never, {
    kind: 'searchVector',
  });
}

const defined = (options: Common & { name: string }) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Common & { name: string };
