import { HandleError } from './errors';

/** A column of a key, as it stands in a handle before it is encoded. */
export interface Part {
  readonly text: string;
  /** Is the column one of whole numbers? */
  readonly integer: boolean;
}

/** A handle that was taken apart, before anything is known of the types of the key. */
export interface Parts {
  readonly tag: string;
  readonly texts: readonly string[];
  /** Was there no colon? */
  readonly joined: boolean;
}

const NATURAL = /^(?:0|[1-9][0-9]*)$/;

/** `org5`, where the tag's end and the key's beginning are told apart without help; else `v2:5`, `doc:a,b`. */
export function joinHandle(tag: string, parts: readonly Part[]): string {
  const [only] = parts;
  const natural = parts.length === 1 && only?.integer && NATURAL.test(only.text);
  if (natural && !/[0-9]$/.test(tag)) return tag + only.text;
  return `${tag}:${parts.map(({ text }) => encoded(text)).join(',')}`;
}

/** @throws HandleError it is none */
export function takeApart(handle: unknown): Parts {
  if (typeof handle !== 'string') throw new HandleError(handle, "it cannot be taken apart. Pass a row's handle.");
  const colon = handle.indexOf(':');
  if (colon > 0) {
    const texts = handle.slice(colon + 1).split(',');
    return { tag: handle.slice(0, colon), texts: texts.map((text) => decoded(handle, text)), joined: false };
  }
  const [, tag, key] = /^(.*[^0-9])([0-9]+)$/s.exec(handle) ?? [];
  if (colon < 0 && tag && key && NATURAL.test(key)) return { tag, texts: [key], joined: true };
  throw new HandleError(handle, "it is none. A handle is a tag and a key, as 'org5', 'v2:5' or 'doc:a,b'.");
}

// Colons stay as they are, for the sake of times; the first one ends the tag. Half a surrogate pair becomes what the
// database would keep of it.
function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString()).replaceAll('%3A', ':');
}

function decoded(handle: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    const error = new HandleError(
      handle,
      'what follows a "%" is no encoded character. Pass the handle as the row has it.',
    );
    throw Object.assign(error, { cause });
  }
}
