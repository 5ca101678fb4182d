import type { Description, Taking } from '../describe';
import { VERSION_ORDERS } from '../history/versions';
import { MOST_VALUES, parameterOf } from '../query/filters';
import { OPERATORS, type Operator } from '../query/operators';
import type { Settings } from '../settings';
import { NUMBER_OF_VERSION } from './schemas/numbers';
import { textSchema } from './schemas/text';
import type { Node, Schema } from './types';

type Extra = Readonly<Record<string, unknown>>;

const inQuery = (name: string, description: string, schema: Schema, extra: Extra = {}): Node => ({
  name,
  in: 'query',
  description,
  schema,
  ...extra,
});

/** Names with commas between them. */
const names = (name: string, description: string, known: readonly string[]): Node[] =>
  known.length === 0
    ? []
    : [
        inQuery(
          name,
          description,
          { type: 'array', items: { type: 'string', enum: known }, minItems: 1, uniqueItems: true },
          { style: 'form', explode: false },
        ),
      ];

function paged({ page }: Settings): Node[] {
  const last = page.maxOffset + 1;
  return [
    inQuery('pageSize', 'How many rows a page has.', whole(page.max, page.size)),
    inQuery('page', `Which page. No more than ${page.maxOffset} rows may be before it.`, {
      ...whole(last, 1),
      examples: [1],
    }),
  ];
}

const whole = (maximum: number, standard: number): Schema => ({
  type: 'integer',
  minimum: 1,
  maximum,
  default: standard,
});

const TAKEN: Readonly<Record<Taking, (settings: Settings) => readonly Node[]>> = {
  page: (settings) => [
    ...paged(settings),
    inQuery('cursor', 'In place of "page": that of "next", or empty for the first page.', {
      type: 'string',
      examples: [''],
    }),
    ...names(
      'sort',
      'What the rows go by; a minus is downwards.',
      settings.sort.flatMap((name) => [name, `-${name}`]),
    ),
  ],
  shape: ({ fields, includes }) => [
    ...names('fields', 'Which fields are answered. Default: all.', fields),
    ...names('include', 'Which associated rows are answered, too. Default: none.', [...includes.keys()]),
  ],
  filters: (settings) =>
    [...settings.filters].flatMap(([name, { attribute, operators }]) =>
      operators.map((operator) => filterParameter(settings, name, attribute, operator)),
    ),
  permanent: () => [inQuery('permanent', 'Remove for good?', { type: 'boolean', default: false })],
  moment: () => [
    inQuery(
      'at',
      'The moment, with its zone. A plus is %2B in a query.',
      { type: 'string', format: 'date-time' },
      { required: true },
    ),
  ],
  versions: (settings) => [
    ...paged(settings),
    inQuery('sort', 'The last one first, or the first.', {
      type: 'string',
      enum: VERSION_ORDERS,
      default: VERSION_ORDERS[0],
    }),
  ],
  span: () =>
    ['from', 'to'].map((name) => inQuery(name, 'The number of a version.', NUMBER_OF_VERSION, { required: true })),
};

const MEANINGS: Readonly<Record<Operator, string>> = {
  eq: 'is this',
  ne: 'is not this',
  gt: 'is greater',
  gte: 'is greater or this',
  lt: 'is less',
  lte: 'is less or this',
  in: 'is one of these',
  notIn: 'is none of these',
  isNull: 'is null, or is not',
  contains: 'has this in it',
  startsWith: 'begins with this',
  icontains: 'has this in it, in whatever case',
  istartsWith: 'begins with this, in whatever case',
};

function filterParameter({ model }: Settings, name: string, attribute: string, operator: Operator): Node {
  const { takes } = OPERATORS[operator];
  const value = textSchema(model, attribute);
  const description = `Rows whose "${attribute}" ${MEANINGS[operator]}.`;
  const parameter = parameterOf(name, operator);
  if (takes === 'flag') return inQuery(parameter, description, { type: 'boolean' });
  if (takes === 'text') return inQuery(parameter, description, { type: 'string' });
  if (takes === 'value') return inQuery(parameter, description, value);
  const schema = { type: 'array', items: value, minItems: 1, maxItems: MOST_VALUES };
  return inQuery(parameter, description, schema, { style: 'form', explode: true });
}

/** The parameters of a query. */
export const queryParameters = (settings: Settings, { takes = [] }: Description): readonly Node[] =>
  takes.flatMap((taking) => TAKEN[taking](settings));
