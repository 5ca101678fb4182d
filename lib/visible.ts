/**
 * What a terminal would obey, or a reader not see: control characters (but for the tab and the end of a line), separators of
 * lines, marks that turn the direction of what follows, and halves of characters.
 */
const UNSEEN = /(?![\t\n])[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const escaped = (character: string) => `\\u${(character.codePointAt(0) as number).toString(16).padStart(4, '0')}`;

/** A text that names of the database are in, as it may be written on a terminal or into a drawing: `\u001b` for an escape. */
export const visible = (text: string): string => text.replaceAll(UNSEEN, escaped);

/** The same in one line. */
export const visibleLine = (text: string): string => visible(text).replaceAll(/[\t\n]/g, escaped);
