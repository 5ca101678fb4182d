import type { Schema } from '../types';

const text = (description: string): Schema => ({ type: 'string', description });

/** The body of an answer that is no success: RFC 9457. */
export const PROBLEM: Schema = {
  type: 'object',
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'The kind of problem.' },
    title: text('What the status means.'),
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: text('What is wrong and what to do.'),
    errors: {
      type: 'array',
      description: 'Each member of the request that is wrong.',
      items: {
        type: 'object',
        properties: {
          detail: text('What is wrong and what to do.'),
          pointer: text('The member of the body, as a JSON pointer.'),
          parameter: text('The parameter of the query.'),
        },
        required: ['detail'],
      },
    },
  },
  required: ['type', 'title', 'status', 'detail'],
};
