/** What somebody does behind the library's back, and what the audit says of it. */
export interface Tampering {
  what: string;
  sql: string;
  kind: string;
  model?: string;
  admin?: boolean;
  says: RegExp;
}
