import { ConfigError } from '../errors';
import { FORMATS } from '../migrations/make/formats';
import type { GuitarsConfig } from './config';

interface Rule {
  readonly meaning: string;
  allows(value: unknown): boolean;
}

const text: Rule = { meaning: 'a text', allows: (value) => typeof value === 'string' && value !== '' };
const whole = (from: number): Rule => ({
  meaning: `a whole number, at least ${from}`,
  allows: (value) => Number.isSafeInteger(value) && (value as number) >= from,
});

const RULES: Record<keyof GuitarsConfig, Rule> = {
  sequelize: {
    meaning: 'a path, a Sequelize instance or a function',
    allows: (value) => ['string', 'object', 'function'].includes(typeof value) && Boolean(value),
  },
  migrations: text,
  format: {
    meaning: `one of ${FORMATS.join(', ')}`,
    allows: (value) => (FORMATS as readonly unknown[]).includes(value),
  },
  schema: text,
  tableName: text,
  lockTimeout: whole(0),
  lockRetries: whole(1),
};

/**
 * What a configuration file exports, if it says what there is and nothing else.
 *
 * @throws ConfigError with the option and what it may be
 */
export function validateConfig(file: string, exported: unknown): GuitarsConfig {
  if (typeof exported !== 'object' || exported === null || Array.isArray(exported)) {
    throw new ConfigError(`${file} exports no object. Export one: { sequelize: './path/to/your/instance' }.`);
  }
  const config = exported as Record<string, unknown>;
  for (const [name, value] of Object.entries(config)) {
    const rule = RULES[name as keyof GuitarsConfig] as Rule | undefined;
    if (!rule) {
      throw new ConfigError(`${file}: there is no option "${name}". Use one of: ${Object.keys(RULES).join(', ')}.`);
    }
    if (value !== undefined && !rule.allows(value)) {
      throw new ConfigError(`${file}: "${name}" is ${JSON.stringify(value)}, and has to be ${rule.meaning}.`);
    }
  }
  if (config.sequelize === undefined) {
    throw new ConfigError(`${file}: "sequelize" is missing. Name the module that exports your instance.`);
  }
  return config as unknown as GuitarsConfig;
}
