import { DefinitionError } from '../../errors';
import type { AnyModel } from '../../models/capabilities';
import { inside } from '../../models/internals';
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
  /**
   * The text search configuration, best with its schema: without one it is looked for with each row, among PostgreSQL's
   * own, then in the schema of the table, then in `public`. Default: `pg_catalog.english`.
   */
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
    `pg_catalog.setweight(pg_catalog.to_tsvector(${used.config}, coalesce(${fresh(name).render(scope)}::pg_catalog.text, '')), '${weight}')`;
  const used = configOf(config);
  const body = new Fragment(
    (scope) =>
      `${used.find}NEW.${ident(attributeOf(scope, field).column)} := ${sources.map((source) => vector(scope, source)).join('\n  OPERATOR(pg_catalog.||) ')};`,
  );
  const declare = used.find ? new Fragment(() => 'guitars_config pg_catalog.regconfig;') : undefined;
  const check = (model: AnyModel) => {
    if (Object.hasOwn(inside(model).rawAttributes, field)) return;
    throw new DefinitionError(`${model.name}: searchVector() sets "${field}", which the model does not have.`);
  };
  const whole = { order: 900, ...defined(about), when: 'before', operation: [insert, update], declare, body } as const;
  // It comes after triggers that change what it is made of.
  return new Trigger(whole, { kind: 'searchVector', check });
}

/**
 * A configuration without a schema must be the same whoever sends the statement: a cascade of ours runs under a
 * `search_path` of its own.
 */
function configOf(config: string): { config: string; find: string } {
  const [, plain, quoted] = /^(?:([a-z_][\w$]*)|"((?:[^"]|"")+)")$/i.exec(config) ?? [];
  const name = plain?.toLowerCase() ?? quoted?.replaceAll('""', '"');
  if (name === undefined) return { config: `${quotedText(config)}::pg_catalog.regconfig`, find: '' };
  const schemas = `ARRAY['pg_catalog', TG_TABLE_SCHEMA, 'public']::pg_catalog.name[]`;
  const find = `SELECT c.oid INTO guitars_config FROM pg_catalog.pg_ts_config AS c JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.cfgnamespace
  WHERE c.cfgname OPERATOR(pg_catalog.=) ${quotedText(name)} AND n.nspname OPERATOR(pg_catalog.=) ANY (${schemas})
  ORDER BY pg_catalog.array_position(${schemas}, n.nspname) LIMIT 1;
IF guitars_config IS NULL THEN
  RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = ${quotedText(`there is no text search configuration "${name}"`)},
    HINT = 'Create it, or name its schema in searchVector()';
END IF;
`;
  return { config: 'guitars_config', find };
}

const quotedText = (text: string) => literal(text).trim();

const defined = (options: Common & { name: string }) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Common & { name: string };
