import { literal, type Model, Op } from 'sequelize';
import { asRead, asStored } from './guard';
import { refuseStale } from './stale';

type Known = ReadonlyMap<string, unknown>;

/**
 * Sends an UPDATE that finds the row only if these columns are as they were read.
 *
 * What JavaScript cannot hold exactly, as 19 digits in JSON, looks different to the database though nobody has written it.
 * So where nothing was found the row is read again, compared as JavaScript has it, and, if it is the same, the UPDATE is
 * sent anew with the database's own text of it: should another write meanwhile, that finds nothing either.
 *
 * @throws StaleWriteError another has written
 */
export async function compared<T extends { readonly count: number }>(
  instance: Model,
  known: Known,
  where: object,
  options: { readonly bindParam?: unknown },
  send: (where: object) => Promise<T>,
): Promise<T> {
  if (known.size === 0) return send(where);
  const bound = options.bindParam !== false;
  const sendIf = (condition: string) => send({ [Op.and]: [where, literal(bound ? unbound(condition) : condition)] });
  let answer = await sendIf(asRead(instance, known));
  let before: string | undefined;
  while (answer.count === 0) {
    const texts = await refuseStale(instance, known, options);
    const now = JSON.stringify([...(texts ?? [])]);
    // Nobody has written, and yet the database has left the row as it is, as a trigger may say that it shall.
    if (!texts || now === before) return answer;
    before = now;
    answer = await sendIf(asStored(instance, texts));
  }
  return answer;
}

// With bind parameters, Sequelize takes `$word` for one and `$$` for `$`, within quotes too.
const unbound = (text: string) => text.replaceAll(/\B\$/g, '$$$$');
