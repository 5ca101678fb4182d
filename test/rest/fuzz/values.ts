import type { Random } from '../../support/random';

/** Text that would do something where it was taken for SQL. */
export const SQL = [
  `'; DROP TABLE sentinel; --`,
  `'); UPDATE sentinel SET text = 'changed'; --`,
  `1; DELETE FROM document WHERE tenant = 2; --`,
  `' OR '1'='1`,
  `1 OR pg_sleep(30) IS NULL`,
  `' || pg_sleep(30) || '`,
  `" ; UPDATE document SET tenant = 1; --`,
  `\\'; TRUNCATE sentinel; --`,
  `$$; DROP TABLE sentinel; $$`,
  `/* */ UNION ALL TABLE sentinel`,
  `:replacement ? $1 $2 %s`,
  `guitars.hard_delete`,
] as const;

/** Names that every object has. */
export const PROTOTYPE = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'length',
] as const;

/** Text that is no good in one place or another. */
export const TEXTS: readonly string[] = [
  ...SQL,
  ...PROTOTYPE,
  '',
  ' ',
  'null',
  'undefined',
  'true',
  'NaN',
  'Infinity',
  '-0',
  '\0',
  'a\0b',
  '\ud800',
  '\udfff\ud800',
  '\u202e\ufeff',
  '🎸',
  '%',
  '_',
  '\\',
  '../..',
  '<script>alert(1)</script>',
  '{{7*7}}',
  '[object Object]',
  '{"a":1}',
  '[1,2]',
  '{}',
  '(,)',
  'empty',
  'x'.repeat(300),
  'é'.repeat(5000),
];

/** Numbers, as text. */
export const NUMBERS = [
  '0',
  '-1',
  '1',
  '2',
  '01',
  '+1',
  '1.0',
  '1e3',
  '0x10',
  '1_000',
  '٣',
  '2147483647',
  '2147483648',
  '-2147483649',
  '9007199254740993',
  '9223372036854775808',
  '1e400',
  '-1e-400',
  '9'.repeat(400),
  '1.7976931348623157e309',
] as const;

/** Times, as text. */
export const TIMES = [
  '2026-01-31T12:00:00.123456Z',
  '2026-02-30T12:00:00Z',
  '0000-00-00T00:00:00Z',
  '9999-12-31T23:59:59.999999Z',
  '+275760-09-13T00:00:00.000Z',
  '+275760-09-13T00:00:00.001Z',
  '-271821-04-20T00:00:00.000Z',
  '-000001-01-01T00:00:00.000Z',
  '0000-01-01T00:00:00Z',
  '2026-01-31T12:00:00+99:99',
  '2026-01-31T24:00:00Z',
  '2026-01-31T23:59:60Z',
  '294277-01-01',
  '0000-01-01',
  '2026-13-01',
  '2026-02-30',
  '25:61:61',
  '24:00:00',
  'infinity',
  '-infinity',
  'now',
  'epoch',
] as const;

/** Any text. */
export const text = (random: Random): string => random.pick(random.pick([TEXTS, NUMBERS, TIMES]));

/** JSON, as text, of any shape: also what JSON.stringify would not write. */
export function json(random: Random, depth = 0): string {
  if (depth < 3 && random.once(4)) {
    const parts = Array.from({ length: random.below(4) }, () => json(random, depth + 1));
    if (random.once(2)) return `[${parts.join()}]`;
    return `{${parts.map((part) => `${JSON.stringify(text(random))}:${part}`).join()}}`;
  }
  const kinds = [
    () => JSON.stringify(text(random)),
    () => random.pick(['null', 'true', 'false', '[]', '{}', '[null]', '[[[1]]]']),
    () => random.pick(['0', '-0', '1', '1.5', '-1', '1e400', '-1e400', '1e-400', '2147483648', '9007199254740993']),
    () => '9'.repeat(1 + random.below(40)),
    () => JSON.stringify(random.pick(TIMES)),
    () =>
      random.pick([
        '{"$gt":0}',
        '{"val":"now()"}',
        '{"fn":"pg_sleep","args":[30]}',
        '{"toJSON":1}',
        '{"type":"Buffer"}',
      ]),
    () => '{"col":"secret"}',
    () => '[{"value":1,"inclusive":true},{"value":5,"inclusive":false}]',
  ];
  return random.pick(kinds)();
}
