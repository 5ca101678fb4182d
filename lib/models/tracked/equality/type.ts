/** A column's type as Sequelize keeps it after init; a text where it was written as text. */
export interface Type {
  readonly key?: string;
  /** Of the elements of an ARRAY. */
  readonly type?: Type;
  /** Of the bounds of a RANGE. */
  readonly options?: { readonly subtype?: { readonly key?: string } };
}

/** The name of a type, as `INTEGER`; empty where nobody knows. */
export const keyOf = (type: unknown): string => (type as Type | undefined)?.key ?? '';
