import type { Command } from 'commander';
import { audit } from './audit';
import { make } from './make';
import { migrate } from './migrate';

/** Each adds its command; the help lists them in this order. */
export const commands: readonly ((root: Command) => void)[] = [make, migrate, audit];
