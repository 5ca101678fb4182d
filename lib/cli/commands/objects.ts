import type { Command } from 'commander';
import type { Sequelize } from 'sequelize';
import { installObjects, isSwitchable, pruneObjects, switchObjects } from '../../enforcement/objects/change';
import { type Listed, listObjects } from '../../enforcement/objects/list';
import { isRemovable, uninstallObjects } from '../../enforcement/objects/remove';
import type { Selection } from '../../enforcement/objects/select';
import { action } from '../application';
import { confirmed } from '../confirm';
import { EXIT } from '../exit';
import { count, say, sayJson } from '../output';
import { type SelectionFlags, selectable, selectionOf } from '../selection';

interface Verb {
  readonly name: string;
  readonly description: string;
  readonly work: (sequelize: Sequelize, selection: Selection, force?: boolean) => Promise<string[]>;
  /** Said where nothing is to be done. */
  readonly nothing: string;
  /** Of a verb that takes protection away: what it would touch, and what it says before. */
  readonly danger?: { of: (object: Listed) => boolean; means: string };
}

const VERBS: readonly Verb[] = [
  {
    name: 'install',
    description: 'create what is missing, replace what differs, and retire what the models do not call for',
    work: installObjects,
    nothing: 'Nothing to do: all of it is installed.',
  },
  {
    name: 'uninstall',
    description: 'remove triggers, rules and functions; columns and unique indexes stay',
    work: uninstallObjects,
    nothing: 'Nothing to do: none of it is installed.',
    danger: { of: isRemovable, means: 'Without them a DELETE deletes, and times are what clients say.' },
  },
  {
    name: 'enable',
    description: 'switch triggers and rules on',
    work: (sequelize, selection) => switchObjects(sequelize, selection, 'ENABLE'),
    nothing: 'Nothing to do: none of them is switched off.',
  },
  {
    name: 'disable',
    description: 'switch triggers and rules off, for every connection',
    work: (sequelize, selection) => switchObjects(sequelize, selection, 'DISABLE'),
    nothing: 'Nothing to do: none of them is switched on.',
    danger: {
      of: (object) => isSwitchable(object, 'DISABLE'),
      means: 'Until they are enabled again, a DELETE deletes, and times are what clients say.',
    },
  },
  {
    name: 'prune',
    description: 'drop what is ours and the models do not call for',
    work: pruneObjects,
    nothing: 'Nothing to do: there is nothing that the models do not call for.',
  },
];

type Flags = SelectionFlags & { yes?: boolean; force?: boolean };

/** `guitars install | uninstall | enable | disable | prune` */
export function objects(root: Command): void {
  for (const { name, description, work, nothing, danger } of VERBS) {
    const command = selectable(root.command(name).description(description), 'say what was done as JSON');
    if (danger) command.option('-y, --yes', 'do not ask');
    if (name === 'install') command.option('--force', 'make anew what is installed, too');
    command.action(
      action<Flags>(async ({ sequelize }, flags) => {
        const selection = selectionOf(flags);
        if (danger && !flags.yes) {
          const touched = (await listObjects(sequelize, selection)).objects.filter(danger.of).length;
          const question = `This would ${name} ${count(touched, 'object')}. ${danger.means} Go on?`;
          if (touched > 0 && !(await confirmed(question, flags.yes))) return EXIT.failed;
        }
        const done = await work(sequelize, selection, flags.force);
        if (flags.json) sayJson(done);
        else if (done.length === 0) say(nothing);
        else {
          for (const line of done) say(`  ${line}`);
          say(`${count(done.length, 'object')}.`);
        }
        return EXIT.done;
      }),
    );
  }
}
