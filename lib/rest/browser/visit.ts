import type { Model, ModelStatic, WhereOptions } from 'sequelize';
import type { Request, Response } from '../express';
import type { Key } from '../key';
import { permittedBy } from '../permission';
import { ProblemError } from '../problem/problem';
import type { BrowserAction, BrowserContext } from './options';
import type { Settings, Shelf } from './settings';

/** A request, before it is known what it may see. */
export interface Visit {
  readonly settings: Settings;
  readonly request: Request;
  readonly response: Response;
  /** The path of the browser itself. */
  readonly base: string;
  /** What the page's own style and script have. */
  readonly nonce: string;
}

/** Of which rows something is permitted; without `where` of all. */
export interface Permitted {
  readonly where?: WhereOptions;
}

/** What the hooks are told. */
export function contextOf(
  { request, response }: Visit,
  shelf: Shelf,
  action: BrowserAction,
  key?: Key,
): BrowserContext {
  const model = shelf.model as unknown as ModelStatic<Model>;
  return { action, request, response, model, ...(key ? { key } : {}) };
}

/** @throws ProblemError (403, or whatever `authorize` throws) it is not permitted */
export async function permission(visit: Visit, shelf: Shelf, action: BrowserAction, key?: Key): Promise<Permitted> {
  const where = permittedBy(await visit.settings.hooks.authorize(action, contextOf(visit, shelf, action, key)));
  return where ? { where } : {};
}

/** The same where it is about what a page offers; undefined: nothing. */
export async function mayBe(
  visit: Visit,
  shelf: Shelf,
  action: BrowserAction,
  key?: Key,
): Promise<Permitted | undefined> {
  try {
    return await permission(visit, shelf, action, key);
  } catch (error) {
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
}

/** Paths of the pages. */
export const pathOf = (base: string, { slug }: Shelf) => `${base}/${slug}`;
export const rowPath = (base: string, shelf: Shelf, segment: string) => `${pathOf(base, shelf)}/rows/${segment}`;
