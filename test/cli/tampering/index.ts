import { keys } from './keys';
import { objects } from './objects';
import { rows } from './rows';
import { shared } from './shared';
import type { Tampering } from './tampering';

/** Several at a time: an audit loads an application. */
export const ROUNDS: Record<string, Tampering[]> = {
  objects: objects,
  'shared functions and keys': shared,
  'what the audit itself rests on, and keys': keys,
  'rows, a key, and a door': rows,
};
