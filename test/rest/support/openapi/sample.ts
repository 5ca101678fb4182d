import { randomUUID } from 'node:crypto';
import type { Contract, Json } from './document';

let made = 0;

const TEXTS = () => [
  `t${made}`,
  `t${made}@example.org`,
  `${made}`,
  `t${'x'.repeat(60)}`,
  new Date(Date.UTC(2100, 0, 1) + made).toISOString(),
  '2026-01-31',
  '12:30',
  randomUUID(),
  'YWJj',
  'ab',
];

/** How a sample is made. */
export interface Way {
  /** Has it what it need not have? */
  readonly whole?: boolean;
  /** Is null what may be null? */
  readonly nulls?: boolean;
}

/** A value that a schema lets pass, another each time where there are others. */
export function sample(contract: Contract, given: Json, way: Way = { whole: true }): Json {
  const schema = contract.resolved(given);
  const types: string[] = [schema.type ?? []].flat();
  if (schema.examples) return schema.examples[0];
  if (way.nulls && types.includes('null')) return null;
  if (schema.enum) return schema.enum[0];
  if (types.includes('object') && schema.properties) {
    const { properties, required = [] } = schema;
    const names = Object.keys(properties).filter((name) => way.whole || required.includes(name));
    if (names.length < (schema.minProperties ?? 0))
      names.push(...Object.keys(properties).slice(0, schema.minProperties));
    return Object.fromEntries(names.map((name) => [name, sample(contract, properties[name], way)]));
  }
  if (schema.prefixItems) return schema.prefixItems.map((each: Json) => sample(contract, each, way));
  if (types.includes('array')) return [sample(contract, schema.items, way)];
  if (types.includes('boolean')) return true;
  made += 1;
  if (types.includes('integer') || (types.includes('number') && !types.includes('string'))) {
    return Math.min(Math.max(made, schema.minimum ?? 1), schema.maximum ?? made);
  }
  if (types.length === 0) return { any: ['thing'] };
  if (types.includes('object')) return { a: 'b' };
  const found = TEXTS().find((text) => contract.faults(schema, text) === undefined);
  if (found === undefined) throw new Error(`Nothing is known that would be ${JSON.stringify(schema)}.`);
  return found;
}

/** Text that a schema of a parameter does not let pass; undefined: there is none. */
export function wrongText(contract: Contract, schema: Json): string | undefined {
  const types: string[] = [contract.resolved(schema).type ?? []].flat();
  if (types.includes('array')) return wrongText(contract, schema.items || schema.prefixItems[0]);
  if (types.includes('string')) return ['no such', 'a~b'].find((text) => contract.faults(schema, text) !== undefined);
  return 'no such';
}
