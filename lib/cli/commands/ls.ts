import type { Command } from 'commander';
import { isInForce, type Listed, listObjects } from '../../enforcement/objects/list';
import { hasTable, servedModels } from '../../enforcement/plan';
import { action } from '../application';
import { EXIT } from '../exit';
import { count, note, say, sayJson, table } from '../output';
import { type SelectionFlags, selectable, selectionOf } from '../selection';

/** `guitars ls` */
export function ls(root: Command): void {
  selectable(
    root.command('ls').description('list the enforced objects; exit with 1 unless all are installed and enabled'),
  ).action(
    action<SelectionFlags>(async ({ sequelize }, flags) => {
      const { objects, plan, shared } = await listObjects(sequelize, selectionOf(flags));
      const tableless = servedModels(sequelize).filter(
        (model) => (!flags.model || flags.model.includes(model.name)) && !hasTable(plan, model),
      );
      if (flags.json) sayJson(objects.map(json));
      else if (objects.length === 0) say('There are no such objects.');
      else {
        say(table(['STATUS', 'STATE', 'KIND', 'MODEL', 'TABLE', 'NAME', 'WHY'], objects.map(row)));
        const faulty = objects.filter((object) => !isInForce(object)).length;
        say(`${count(objects.length, 'object')}${faulty > 0 ? `, ${faulty} not in force` : ''}.`);
      }
      for (const fault of shared) note(`warning: ${fault}. Run: guitars install`);
      for (const { name } of tableless) note(`warning: the table of ${name} does not exist. Run your migrations.`);
      const fine = objects.every(isInForce) && shared.length === 0 && tableless.length === 0;
      return fine ? EXIT.done : EXIT.found;
    }),
  );
}

const tableName = ({ table: ref }: Listed) => (ref ? `${ref.schema}.${ref.name}` : '');

const row = (object: Listed) => [
  object.status,
  object.firing ?? '-',
  object.kind,
  object.model ?? '-',
  tableName(object) || '-',
  object.name,
  object.reason ?? '',
];

const json = (object: Listed) => ({
  status: object.status,
  state: object.firing ?? null,
  kind: object.kind,
  model: object.model ?? null,
  table: tableName(object) || null,
  name: object.name,
  declared: object.declared ?? null,
  reason: object.reason ?? null,
});
