import type { Reply } from '../client';
import type { Contract, Operation } from './document';
import type { Driver, Said } from './drive';
import { sample } from './sample';

/** How a row comes into the state that an operation asks for, which a document does not tell: they are tried in turn. */
const WAYS = [[], ['PATCH'], ['DELETE'], ['DELETE', 'restore']] as const;

/** What has turned out to be right. */
const right = new WeakMap<Operation, { readonly steps: (typeof WAYS)[number]; readonly pk: string }>();

const ofTag = (contract: Contract, { tag }: Operation) => contract.operations.filter((each) => each.tag === tag);

/** The operation that makes a row: its answer says where the row is. */
export function creating(contract: Contract, operation: Operation): Operation {
  return ofTag(contract, operation).find(({ responses }) => responses['201']?.headers?.Location) as Operation;
}

/** Makes a row; answers its key, as it stands in paths. */
export async function make(driver: Driver, operation: Operation): Promise<string> {
  const reply = await driver.send(creating(driver.contract, operation));
  if (reply.status !== 201) throw new Error(`No row could be made: ${JSON.stringify(reply.body)}`);
  return (reply.headers.get('location') as string).split('/').at(-1) as string;
}

/** Sends an operation about a new row in whatever state it succeeds with. */
export async function succeed(driver: Driver, operation: Operation, said: Said = {}): Promise<Reply> {
  const isOfRow = operation.path.includes('{pk}');
  if (!isOfRow) return driver.send(operation, said);
  let last: Reply | undefined;
  const known = right.get(operation);
  // What only reads may be about the same row again, if bulk requests have left it as it was.
  const again = known && operation.method === 'GET' && (await driver.send(operation, { ...said, pk: known.pk }));
  if (again && again.status < 300) return again;
  for (const steps of known ? [known.steps] : WAYS) {
    const pk = await make(driver, operation);
    for (const step of steps) await take(driver, operation, step, pk);
    last = await driver.send(operation, { ...said, pk });
    if (last.status >= 300) continue;
    right.set(operation, { steps, pk });
    return last;
  }
  return last as Reply;
}

async function take(driver: Driver, operation: Operation, step: string, pk: string): Promise<void> {
  const all = ofTag(driver.contract, operation).filter(({ path }) => /\{pk\}(?:\/restore)?$/.test(path));
  const found = all
    .filter(({ path }) => !/deleted|as-of/.test(path) && path.endsWith('restore') === (step === 'restore'))
    .find(({ method }) => (step === 'restore' ? method === 'PATCH' : method === step));
  if (!found) throw new Error(`There is no ${step}.`);
  const body = found.body && sample(driver.contract, found.body);
  await driver.send(found, { pk, ...(body ? { body } : {}) });
}
