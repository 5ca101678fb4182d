import type { Sent } from './request';
import type { Answer } from './wire';

/** What the rows of every table have in the attribute that its model's default scope leaves out. */
export const SECRET = 'only-the-application-sees-this';

/** What no client is told: of our code, of SQL, or in words of PostgreSQL's or Sequelize's. */
const TOLD =
  /\n\s+at |node_modules|\.[cm]?[jt]s:\d|Sequelize\w*Error|SELECT "|" AS "|INSERT INTO "|UPDATE "|DELETE FROM "|syntax error|violates|invalid input|out of range|does not exist|pg_catalog/;

/** Rows of a page, at most; the routers leave it as it is. */
const MOST_ROWS = 100;

/** What is wrong with the answers to a request. */
export function wrongWith(sent: Sent, answers: readonly Answer[]): string[] {
  const isOpen = sent.isCut || sent.methods.includes('CONNECT') || sent.bytes.length > 90_000;
  const missing = answers.length === 0 && !isOpen ? ['There is no answer.'] : [];
  return [...missing, ...answers.flatMap((answer, n) => wrongWithOne(answer, sent.methods[n] ?? ''))];
}

function wrongWithOne({ status, headers, body }: Answer, method: string): string[] {
  const wrong: string[] = [];
  if (!(status >= 200 && status < 500)) wrong.push(`The status is ${status}.`);
  if (body.includes(SECRET)) wrong.push('It has the secret.');
  if (status >= 400 && TOLD.test(body)) wrong.push('It tells what is inside.');
  if (headers['x-powered-by-nobody']) wrong.push('A header was smuggled in.');
  if (body === '') return wrong;
  const isProblem = status >= 400;
  const type = isProblem ? /^application\/problem\+json/ : /^application\/json/;
  if (!type.test(headers['content-type'] ?? '')) return [...wrong, `It is of type ${headers['content-type']}.`];
  const content = parsed(body);
  if (content === undefined) return [...wrong, 'It is no JSON.'];
  if (isProblem && content.status !== status) wrong.push('The problem is of another status.');
  if (method === 'GET' && Array.isArray(content.results) && content.results.length > MOST_ROWS)
    wrong.push('It is too long.');
  return wrong;
}

function parsed(body: string): { status?: number; results?: unknown } | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A request as it can be read in a report. */
export const told = ({ bytes }: Sent): string => {
  const text = JSON.stringify(bytes.subarray(0, 1500).toString('latin1'));
  return bytes.length > 1500 ? `${text} … ${bytes.length} bytes` : text;
};
