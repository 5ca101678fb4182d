import type { AnswerKind } from '../describe';
import { stateOf } from '../query/shape';
import type { Route } from '../routes';
import type { Settings } from '../settings';
import type { SchemaKind } from './components';
import { closed } from './schemas/model';
import type { Node, Schema } from './types';

const TEXT: Schema = { type: 'string' };
const header = (description: string, schema: Schema = TEXT): Node => ({ description, required: true, schema });
const COUNT: Schema = { type: 'integer', minimum: 0, description: 'How many rows.' };

const json = (schema: Schema) => ({ content: { 'application/json': { schema } } });
const LINK = { Link: { description: 'The pages before and after it, if there are.', schema: TEXT } };

interface Asked {
  readonly route: Route;
  readonly settings: Settings;
  readonly ref: (kind: SchemaKind) => Schema;
}

type Answer = Readonly<Record<string, Node>>;

const MADE: Readonly<Record<AnswerKind, (asked: Asked) => Answer>> = {
  page: ({ route, ref }) => ({
    200: { description: 'A page of rows.', headers: LINK, ...json(ref(isPast(route) ? 'PastPage' : 'Page')) },
  }),
  row: ({ route, settings, ref }) => ({
    200: { description: 'The row.', ...tagged(route, settings), ...json(ref(isPast(route) ? 'Past' : '')) },
  }),
  created: ({ route, settings, ref }) => ({
    201: {
      description: 'The row.',
      ...tagged(route, settings, { Location: header('Where it is.', { type: 'string', format: 'uri-reference' }) }),
      ...json(ref('')),
    },
  }),
  nothing: () => ({ 204: { description: 'Done.' } }),
  removed: ({ settings }) => counted(settings, settings.bulk.hardDelete),
  restored: ({ settings }) => counted(settings, false),
  versions: ({ ref }) => ({
    200: { description: 'A page of versions.', headers: LINK, ...json(ref('VersionPage')) },
  }),
  version: ({ ref }) => ({ 200: { description: 'The version.', ...json(ref('Version')) } }),
  diff: ({ ref }) => ({ 200: { description: 'What differs, by attribute.', ...json(ref('Diff')) } }),
};

/** The answers of an operation that are successes, by status. */
export const answersOf = (asked: Asked): Answer => MADE[asked.route.job.describes.answers](asked);

const isPast = ({ job }: Route) => job.describes.past === true;

function tagged(route: Route, { model }: Settings, more: Node = {}): Node {
  const tag = { ETag: header('The state of the row, for If-Match.', { type: 'string', pattern: '^"[^"]*"$' }) };
  const headers = { ...more, ...(stateOf(model) && !isPast(route) ? tag : {}) };
  return Object.keys(headers).length > 0 ? { headers } : {};
}

function counted({ bulk }: Settings, perModel: boolean): Answer {
  if (!bulk.content) return { 204: { description: 'Done.' } };
  const count_per_model = {
    type: 'object',
    additionalProperties: COUNT,
    description: 'By model, what went along included. Where rows were removed for good.',
  };
  const schema = closed({ count: COUNT, ...(perModel ? { count_per_model } : {}) }, ['count']);
  return { 200: { description: 'Done.', ...json(schema) } };
}
