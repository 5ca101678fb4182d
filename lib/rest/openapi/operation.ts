import type { BodyKind } from '../describe';
import { pastOf } from '../history/past';
import type { Route } from '../routes';
import type { Settings } from '../settings';
import { answersOf } from './answers';
import type { SchemaKind } from './components';
import { queryParameters } from './parameters';
import { pathParameters } from './path';
import { problemReferences, statusesOf } from './problems';
import type { Node, Schema } from './types';

const BODIES: Readonly<Record<BodyKind, SchemaKind>> = {
  create: 'Create',
  replace: 'Replace',
  update: 'Update',
  revertFields: 'RevertFields',
  rollBack: 'RollBack',
  undo: 'Undo',
};

/** A router, where it is mounted, and what it goes by. */
export interface Served {
  readonly settings: Settings;
  readonly path: string;
  readonly name: string;
}

/** A route of a router as an operation. */
export function operationOf(route: Route, { settings, path, name }: Served, ref: (kind: SchemaKind) => Schema): Node {
  const { describes } = route.job;
  const about = describes.past ? pastOf(settings) : settings;
  const parameters = [
    ...pathParameters(settings, `${path}${route.path}`),
    ...queryParameters(about, describes),
    ...(describes.ifMatch ? [ifMatch(settings)] : []),
  ];
  return {
    operationId: `${name}_${route.name}`,
    summary: describes.summary,
    tags: [name],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(describes.body ? { requestBody: bodyOf(describes.body, ref) } : {}),
    responses: { ...answersOf({ route, settings, ref }), ...problemReferences(statusesOf(route, settings)) },
  };
}

function ifMatch({ requireIfMatch }: Settings): Node {
  return {
    name: 'If-Match',
    in: 'header',
    required: requireIfMatch,
    description: 'The ETag that the row was read with; "*": whatever state it is in.',
    schema: { type: 'string', examples: ['*'] },
  };
}

function bodyOf(kind: BodyKind, ref: (kind: SchemaKind) => Schema): Node {
  const schema = ref(BODIES[kind]);
  const merge = kind === 'update' ? { 'application/merge-patch+json': { schema } } : {};
  return { required: true, content: { 'application/json': { schema }, ...merge } };
}
