import type { Model } from 'sequelize';
import { within } from '../internals';
import { isMutable } from './copy';
import { note } from './state';

/** Is what is read copied by the reader? All that this is about is synchronous, so nothing else runs meanwhile. */
let isCopied = false;

/** Before a value is handed out that the application may change in place. */
export function handOut(instance: Model, key: string): void {
  const { dataValues, isNewRecord } = within(instance);
  if (!isCopied && !isNewRecord && isMutable(dataValues[key])) note(instance, key);
}

/** The same, of all values. */
export function handOutAll(instance: Model): void {
  if (!isCopied) for (const key of Object.keys(within(instance).dataValues)) handOut(instance, key);
}

/** Runs what copies all that it reads, or, within that, an application's getter, which may do anything. */
export function reading<T>(copies: boolean, read: () => T): T {
  const before = isCopied;
  isCopied = copies;
  try {
    return read();
  } finally {
    isCopied = before;
  }
}
