import type { Command } from 'commander';
import { adopt } from './adopt';
import { audit } from './audit';
import { graph } from './graph';
import { history } from './history';
import { ls } from './ls';
import { make } from './make';
import { migrate } from './migrate';
import { objects } from './objects';
import { preview } from './preview';
import { purge } from './purge';

/** Each adds its command; the help lists them in this order. */
export const commands: readonly ((root: Command) => void)[] = [
  make,
  migrate,
  audit,
  ls,
  objects,
  adopt,
  preview,
  graph,
  purge,
  history,
];
