/** What every error of this library is. The message ends with the remedy; `cause` keeps the original where there is one. */
export class GuitarsError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options as ErrorOptions);
    this.name = new.target.name;
  }
}

/** A model, an option or an argument that cannot mean what it says. Thrown before anything is sent to the database. */
export class DefinitionError extends GuitarsError {}

/** A value names an attribute that the model does not have; the message lists those that it has. */
export class UnknownAttributeError extends GuitarsError {
  constructor(
    readonly modelName: string,
    readonly unknown: readonly string[],
    readonly valid: readonly string[],
  ) {
    super(
      `${modelName} has no attribute ${unknown.map((name) => `"${name}"`).join(', ')}. ` +
        `Use one of: ${valid.join(', ')}; or pass { raiseForUnknown: false } to ignore unknown names.`,
    );
  }
}

/** Enforcement could not be installed or removed; nothing was changed. */
export class InstallError extends GuitarsError {}

/** `assertEnforced` or `audit` found that the database does not enforce what the models say. */
export class NotEnforcedError extends GuitarsError {}

/** The configuration of the `guitars` command is missing, cannot be loaded, or says something that there is not. */
export class ConfigError extends GuitarsError {}

/** A save was to write columns only as they were read, and another has written them since, or the row is gone. */
export class StaleWriteError extends GuitarsError {
  constructor(
    readonly modelName: string,
    /** The primary key of the row. */
    readonly key: Readonly<Record<string, unknown>>,
    /** The attributes that are not as they were read. */
    readonly fields: readonly string[],
    /** Is there no such row any more? */
    readonly gone: boolean = false,
  ) {
    const list = fields.map((name) => `"${name}"`).join(', ');
    const what = gone
      ? 'the row is gone'
      : `${list} ${fields.length === 1 ? 'is' : 'are'} not as the instance knows ${fields.length === 1 ? 'it' : 'them'}: another has written since`;
    const remedy = gone
      ? 'Create a new one, if it is to be there.'
      : 'reload() the instance, or those attributes of it, make the change anew, and save again.';
    super(`${modelName} ${JSON.stringify(key)}: ${what}. Nothing was written. ${remedy}`);
  }
}

/** Why a cursor of `changes()` cannot be gone on from. */
export type CursorFault = 'malformed' | 'server' | 'history' | 'ahead' | 'expired';

const FAULTS: Readonly<Record<CursorFault, string>> = {
  malformed: 'it is no cursor of changes(), or one of a later version',
  server: 'it is of another server, or of this one before a failover or a restore',
  history: "it is of another model's history, or of one that was dropped since",
  ahead: 'it knows of transactions that this server has not seen: it was restored to an earlier state',
  expired: 'deletions that it had yet to pass were removed from the history by retention',
};

/**
 * A cursor of `changes()` cannot be gone on from without missing changes; `fault` says why. Start over without one, after
 * forgetting what was read before.
 */
export class CursorError extends GuitarsError {
  constructor(
    /** The model; of `since({ cursor })`, the table of its history. */
    readonly modelName: string,
    readonly fault: CursorFault,
    options?: { cause?: unknown },
  ) {
    super(`${modelName}: the cursor cannot be gone on from: ${FAULTS[fault]}. Start over without one.`, options);
  }
}
