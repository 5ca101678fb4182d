import { DefinitionError } from '../../errors';
import { can, settingsOf } from '../../models/capabilities';
import type { BrowserModel, BrowserOptions } from './options';

const OPTIONS: Readonly<Record<keyof BrowserOptions, true>> = {
  models: true,
  authorize: true,
  revision: true,
  title: true,
  pageSize: true,
  bulkLimit: true,
};
const ENTRY: Readonly<Record<keyof BrowserModel, true>> = {
  model: true,
  fields: true,
  search: true,
  title: true,
  label: true,
};
const EXAMPLE =
  "archiveBrowser({ models: [Article], authorize: (action, { request }) => request.user?.role === 'support' })";

const refuse = (why: string): never => {
  throw new DefinitionError(`archiveBrowser(): ${why}`);
};

/** @throws DefinitionError an option that there is not, or a value that it does not take */
export function checkOptions(options: BrowserOptions): void {
  if (typeof options !== 'object' || options === null) refuse(`there are no options. Write ${EXAMPLE}.`);
  unknown(options, OPTIONS, 'it');
  const { models, authorize, revision, title, pageSize, bulkLimit } = options;
  if (typeof authorize !== 'function') {
    refuse(`"authorize" is missing, without which anybody could restore and purge. Pass a function, as in ${EXAMPLE}.`);
  }
  if (revision !== undefined && typeof revision !== 'function')
    refuse('"revision" is a function. Pass one, or leave it out.');
  if (!Array.isArray(models) || models.length === 0)
    refuse(`"models" is a list of models, one at least. Write ${EXAMPLE}.`);
  text('title', title);
  between('pageSize', pageSize, 100);
  between('bulkLimit', bulkLimit, 1000);
}

/** @throws DefinitionError the model has no soft deletion, or an option of it that there is not */
export function checkEntry(entry: BrowserModel): void {
  if (typeof entry !== 'object' || entry === null)
    refuse(`a model in "models" is ${String(entry)}. Pass a model, or { model }.`);
  unknown(entry, ENTRY, 'a model in "models"');
  const { model, label } = entry;
  if (typeof model !== 'function' || !can(model, 'soft')) {
    const name = (model as { name?: string } | undefined)?.name ?? String(model);
    refuse(`it shows the archives of models with soft deletion, and ${name} is none. Extend Guitar(Model).`);
  }
  settingsOf(model);
  for (const name of ['fields', 'search'] as const) {
    const list = entry[name] as unknown;
    if (list === undefined || (Array.isArray(list) && list.every((each) => typeof each === 'string'))) continue;
    refuse(`"${name}" of ${model.name} is a list of attributes, as { ${name}: ['title'] }.`);
  }
  text(`label" of "${model.name}`, label);
  text(`title" of "${model.name}`, entry.title);
}

function unknown(given: object, names: object, what: string): void {
  const other = Object.keys(given).find((name) => !Object.hasOwn(names, name));
  if (other !== undefined) refuse(`${what} has no option "${other}". Use of: ${Object.keys(names).join(', ')}.`);
}

function text(name: string, value: unknown): void {
  if (value === undefined || (typeof value === 'string' && value.trim() !== '')) return;
  refuse(`"${name}" is a text, not ${JSON.stringify(value)}. Give it one, or leave it out.`);
}

function between(name: string, value: number | undefined, most: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 1 && value <= most)) return;
  refuse(`"${name}" is ${String(value)}. Give it a whole number from 1 to ${most}.`);
}
