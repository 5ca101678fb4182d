import { Op } from 'sequelize';

/** How a value is compared with that of a filter. */
export type Operator =
  | 'eq'
  | 'ne'
  | 'gt'
  | 'gte'
  | 'lt'
  | 'lte'
  | 'in'
  | 'notIn'
  | 'isNull'
  | 'contains'
  | 'startsWith'
  | 'icontains'
  | 'istartsWith';

interface Meaning {
  readonly op: symbol;
  /** What its value is: one of the attribute's, several, `true` or `false`, or part of a text. */
  readonly takes: 'value' | 'values' | 'flag' | 'text';
  /** The pattern of LIKE that a text becomes. */
  readonly pattern?: (escaped: string) => string;
}

const within = (text: string) => `%${text}%`;
const first = (text: string) => `${text}%`;

/** Every operator. */
export const OPERATORS: Readonly<Record<Operator, Meaning>> = {
  eq: { op: Op.eq, takes: 'value' },
  ne: { op: Op.ne, takes: 'value' },
  gt: { op: Op.gt, takes: 'value' },
  gte: { op: Op.gte, takes: 'value' },
  lt: { op: Op.lt, takes: 'value' },
  lte: { op: Op.lte, takes: 'value' },
  in: { op: Op.in, takes: 'values' },
  notIn: { op: Op.notIn, takes: 'values' },
  isNull: { op: Op.is, takes: 'flag' },
  contains: { op: Op.like, takes: 'text', pattern: within },
  startsWith: { op: Op.like, takes: 'text', pattern: first },
  icontains: { op: Op.iLike, takes: 'text', pattern: within },
  istartsWith: { op: Op.iLike, takes: 'text', pattern: first },
};

/** Is it the name of an operator? */
export const isOperator = (name: string): name is Operator => Object.hasOwn(OPERATORS, name);
