import { AsyncLocalStorage } from 'node:async_hooks';

/** Values of session settings, by name. */
export type Settings = ReadonlyMap<string, string>;

/** Values for what is sent from within it, until it ends. */
interface Stretch {
  readonly settings: Settings;
  readonly outer: Stretch | undefined;
  open: boolean;
}

/** No setting at all. */
export const NONE: Settings = new Map();

/** Stands for every connection. */
export const EVERYWHERE: object = {};

/** What the work under way is within, by connection. */
const within = new AsyncLocalStorage<ReadonlyMap<object, Stretch>>();

/** Runs `fn` while settings have values for what it, and nothing beside it, sends on a connection. */
export async function whileSet<T>(
  connection: object,
  settings: Readonly<Record<string, string>>,
  fn: () => PromiseLike<T> | T,
): Promise<T> {
  const outer = stretchOf(connection);
  const all = new Map([...(outer?.settings ?? NONE), ...Object.entries(settings)]);
  const stretch: Stretch = { settings: all, outer, open: true };
  try {
    return await within.run(new Map([...(within.getStore() ?? []), [connection, stretch]]), async () => fn());
  } finally {
    stretch.open = false;
  }
}

/** The values that hold here on a connection. */
export function settingsOn(connection: object): Settings {
  const everywhere = stretchOf(EVERYWHERE)?.settings;
  const own = connection === EVERYWHERE ? undefined : stretchOf(connection)?.settings;
  return everywhere && own ? new Map([...everywhere, ...own]) : (own ?? everywhere ?? NONE);
}

/** What fn has left running is not within it any more once it has ended. */
function stretchOf(connection: object): Stretch | undefined {
  let found = within.getStore()?.get(connection);
  while (found && !found.open) found = found.outer;
  return found;
}
