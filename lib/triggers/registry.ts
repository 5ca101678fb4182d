import type { Sequelize } from 'sequelize';
import { DefinitionError } from '../errors';
import type { AnyModel, ModelClass } from '../models/capabilities';
import { refuseOther, type Trigger } from './trigger';

const REGISTERED = Symbol.for('sequelize-guitars.triggers');

interface Declaring {
  options?: { triggers?: readonly unknown[] };
  triggers?: unknown;
  [REGISTERED]?: readonly Trigger[];
}

/** Adds triggers to those that a model declares. */
export function register(model: AnyModel, triggers: readonly (Trigger | readonly Trigger[])[]): void {
  const before = Object.hasOwn(model, REGISTERED) ? ((model as Declaring)[REGISTERED] ?? []) : [];
  const all = [...before, ...list(model, triggers)];
  unique(model, [...all, ...list(model, (model as Declaring).options?.triggers)]);
  Object.defineProperty(model, REGISTERED, { value: all, configurable: true });
}

/**
 * The triggers of a model: its own, those of the classes that it extends, and those that were registered. One of a class
 * takes the place of one with the same name of a class that it extends.
 *
 * @throws DefinitionError two of one class have one name
 */
export function triggersOf(model: AnyModel): Trigger[] {
  const found = new Map<string, Trigger>();
  for (const level of lineage(model)) {
    for (const each of ownTriggers(level)) found.set(each.name, each);
  }
  return [...found.values()];
}

/** The models of an instance that have triggers. */
export function declaringModels(sequelize: Sequelize): ModelClass[] {
  const models = Object.values(sequelize.models) as unknown as ModelClass[];
  return models.filter((model) => triggersOf(model).length > 0);
}

/** The class and those that it extends, the base first. */
function lineage(model: AnyModel): AnyModel[] {
  const chain: AnyModel[] = [];
  for (let level = model; typeof level === 'function'; level = Object.getPrototypeOf(level)) chain.unshift(level);
  return chain;
}

function ownTriggers(level: AnyModel): Trigger[] {
  const has = (name: string | symbol) => Object.hasOwn(level, name);
  const of = level as Declaring;
  const own = [
    ...list(level, has('triggers') ? of.triggers : undefined),
    ...list(level, has('options') ? of.options?.triggers : undefined),
    ...((has(REGISTERED) && of[REGISTERED]) || []),
  ];
  unique(level, own);
  return own;
}

function list(model: AnyModel, given: unknown): Trigger[] {
  if (given === undefined) return [];
  if (!Array.isArray(given))
    throw new DefinitionError(`${model.name}: "triggers" is a list. Write triggers: [protect()].`);
  const triggers = given.flat() as unknown[];
  return triggers.map((each) => {
    refuseOther(model.name, each);
    return each;
  });
}

function unique(model: AnyModel, triggers: readonly Trigger[]): void {
  const names = triggers.map(({ name }) => name);
  const twice = names.find((name, n) => names.indexOf(name) !== n);
  if (twice !== undefined) {
    throw new DefinitionError(`${model.name} has two triggers called "${twice}". Give one of them another name.`);
  }
}
