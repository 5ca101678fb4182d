import { DefinitionError } from '../../errors';

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d))?$/;

/** More seconds than this are the year 5138; as milliseconds they are of 1973. */
const FAR = 1e11;

const TAKEN =
  "Pass a Date, an ISO 8601 text with its offset, as '2026-01-31T12:00:00Z', or seconds since 1970 as a number.";

/**
 * A time as PostgreSQL reads it, to the microsecond: a Date has but milliseconds, and a row's time may lie between two.
 *
 * @throws DefinitionError it is none
 */
export function exactTime(model: string, given: unknown): string {
  if (given instanceof Date) return ofDate(model, given);
  if (typeof given === 'number') return ofSeconds(model, given);
  if (typeof given === 'string') return ofText(model, given);
  return refuse(model, given, given === null ? 'null' : `of type ${typeof given}`);
}

function ofDate(model: string, date: Date): string {
  if (Number.isNaN(date.getTime())) return refuse(model, 'Invalid Date', 'no time');
  const text = date.toISOString();
  // 0000 is no year of PostgreSQL's; years of more digits have a sign.
  return /^\d{4}-/.test(text) && !text.startsWith('0000') ? text : refuse(model, text, 'not in the years 1 to 9999');
}

function ofSeconds(model: string, seconds: number): string {
  if (!Number.isFinite(seconds)) return refuse(model, seconds, 'no time');
  if (Math.abs(seconds) > FAR) {
    return refuse(
      model,
      seconds,
      `too many seconds: they look like milliseconds. Write new Date(${seconds}), or ${seconds} / 1000`,
    );
  }
  const micros = Math.round(seconds * 1e6);
  const below = ((micros % 1000) + 1000) % 1000;
  return ofDate(model, new Date((micros - below) / 1000)).replace('Z', `${String(below).padStart(3, '0')}Z`);
}

function ofText(model: string, text: string): string {
  const found = ISO.exec(text);
  if (!found) return refuse(model, text, /^\d+(\.\d+)?$/.test(text) ? 'text. Write Number(…) of it' : 'not ISO 8601');
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', offset = 'Z'] = found;
  const whole = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const date = new Date(`${whole}Z`);
  // JavaScript turns the 30th of February into a day of March.
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 19) !== whole || year === '0000') {
    return refuse(model, text, 'no time of the calendar');
  }
  if (!/^(?:Z|[+-](?:0\d|1[0-5]):[0-5]\d)$/.test(offset)) return refuse(model, text, 'of no offset that there is');
  // Cut, not rounded: a row's time has microseconds, and is greater than the text if it is greater than what is left.
  return `${whole}.${fraction.slice(0, 6).padEnd(6, '0')}${offset}`;
}

function refuse(model: string, given: unknown, why: string): never {
  const shown = typeof given === 'string' ? JSON.stringify(given.slice(0, 100)) : String(given).slice(0, 100);
  throw new DefinitionError(`${model}.since({ timestamp: ${shown} }): it is ${why}. ${TAKEN}`);
}
