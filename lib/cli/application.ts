import type { Command } from 'commander';
import type { Sequelize } from 'sequelize';
import { type Overrides, readConfig, type Settings } from './config';
import { fail } from './exit';
import { answersAlone } from './streams';

/** What a command works with. */
export interface Application {
  readonly settings: Settings;
  readonly sequelize: Sequelize;
}

/**
 * The action of a command: reads the configuration, loads the models, closes the connections at the end, and turns what
 * is thrown into a message and an exit code. `work` answers the exit code where it is not 0.
 */
export function action<Options extends object>(
  work: (application: Application, options: Options, ...args: string[]) => Promise<number | undefined>,
): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    const command = args.at(-1) as Command;
    let sequelize: Sequelize | undefined;
    try {
      answersAlone();
      const options = command.optsWithGlobals() as Options & Overrides;
      const settings = await readConfig(options);
      sequelize = await settings.load();
      // Standard output is the command's: what the application logs would end up in its JSON.
      (sequelize as unknown as { options: { logging: unknown } }).options.logging = false;
      process.exitCode = await work({ settings, sequelize }, options, ...(command.args as string[]));
    } catch (error) {
      fail(error);
    } finally {
      await sequelize?.close().catch(() => undefined);
    }
  };
}
