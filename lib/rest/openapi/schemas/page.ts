import type { Schema } from '../types';
import { closed } from './model';

const LINK: Schema = { type: ['string', 'null'], format: 'uri-reference' };

/** A page of a list. */
export const pageSchema = (items: Schema, isCounted: boolean): Schema =>
  closed(
    {
      results: { type: 'array', items },
      ...(isCounted ? { count: { type: 'integer', minimum: 0, description: 'Of all pages. Not by cursor.' } } : {}),
      next: { ...LINK, description: 'The page after it.' },
      previous: { ...LINK, description: 'The page before it. Not by cursor.' },
    },
    ['results', 'next', 'previous'],
  );
