import { encoded } from './paths';
import type { Target } from './target';

const TITLES = ['"a"', '"b"', '"a title"', '"🎸"'];
const NUMBERED = Array.from({ length: 40 }, (_, n) => String(n + 1)).concat('999999', '0');
const UUIDS = Array.from({ length: 6 }, (_, n) => `00000000-0000-4000-8000-00000000000${n}`);
const IDS = ['1', '2', 'null'];

const target = (path: string, given: Partial<Target>): Target => ({
  path: `/${path}`,
  keys: NUMBERED,
  attributes: { title: TITLES },
  filters: { title: 'a' },
  sorts: ['title'],
  includes: [],
  ...given,
});

/** The routers of the application under attack. */
export const targets: readonly Target[] = [
  target('note', { attributes: { title: TITLES, meta: ['null', '{}', '{"a":[1]}'] } }),
  target('stock', {
    keys: ['1,a', '1,b', '2,a', '3,~.', '3,~~', '9,z'],
    attributes: { warehouse: ['1', '4'], sku: TITLES, amount: ['0', '5'] },
    filters: { amount: '1' },
    sorts: ['amount'],
  }),
  target('page', {
    keys: ['a', 'b', 'c', '~-deleted', '~-restore', '~-', '~~', '~.', encoded("it's"), encoded('🎸')],
    attributes: { slug: ['"a"', '"n"', '"deleted"', '""', '"."', '"~"'], title: TITLES },
    filters: { slug: 'a' },
  }),
  target('token', {
    keys: UUIDS,
    attributes: { id: UUIDS.map((each) => `"${each}"`), title: TITLES },
    filters: { id: UUIDS[0] ?? '' },
    sorts: [],
  }),
  target('article', {
    attributes: { title: TITLES, stock: ['0', '7'], writtenAt: ['"2026-01-31T12:00:00Z"'] },
    filters: { title: 'a', stock: '1', writtenAt: '2026-01-31T12:00:00Z' },
    sorts: ['title', 'stock', 'writtenAt'],
    includes: ['comments'],
  }),
  target('comment', {
    attributes: { text: TITLES, articleId: IDS },
    filters: { articleId: '1' },
    sorts: [],
    includes: ['article'],
  }),
  target('document', {
    attributes: { title: TITLES, tenant: ['1', '2'] },
    filters: { title: 'a', tenant: '2' },
    sorts: ['tenant'],
  }),
  target('closed', {}),
  target('every', {
    attributes: {
      decimal: ['1.25', '"1.25"'],
      bigint: ['"9007199254740993"', '5'],
      small: ['1'],
      real: ['1.5'],
      double: ['1.5'],
      float: ['1.5'],
      boolean: ['true', 'false'],
      date: ['"2026-01-31T12:00:00Z"'],
      day: ['"2026-01-31"'],
      time: ['"12:00:00"'],
      string: TITLES,
      char: ['"abc"'],
      enum: ['"a"', `"it's"`],
      json: ['{}', '[1]', '"x"'],
      jsonb: ['{}', '[1]', '"x"'],
      numbers: ['[]', '[1,2]'],
      texts: ['[]', '["a","\\"b"]'],
      blob: ['"AAEC"', '""'],
      uuid: [`"${UUIDS[0]}"`],
      inet: ['"10.0.0.1"'],
      cidr: ['"10.0.0.0/8"'],
      mac: ['"08:00:2b:01:02:03"'],
      range: ['[1,5]', '[]', '[null,3]'],
      dates: ['["2026-01-01T00:00:00Z","2026-02-01T00:00:00Z"]'],
      virtual: ['1'],
    },
    filters: {
      decimal: '1.25',
      bigint: '5',
      small: '1',
      real: '1.5',
      double: '1e3',
      float: '1.5',
      boolean: 'true',
      date: '2026-01-31T12:00:00Z',
      day: '2026-01-31',
      time: '12:00:00',
      string: 'a',
      char: 'abc',
      enum: 'a',
      uuid: UUIDS[0] ?? '',
      inet: '10.0.0.1',
      cidr: '10.0.0.0/8',
      mac: '08:00:2b:01:02:03',
    },
    sorts: [
      'decimal',
      'bigint',
      'real',
      'boolean',
      'date',
      'day',
      'time',
      'string',
      'char',
      'enum',
      'uuid',
      'inet',
      'mac',
    ],
  }),
];
