/** A piece of a document. */
export type Node = Readonly<Record<string, unknown>>;

/** A JSON schema. */
export type Schema = Node;

/** What a document says of the whole. */
export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
  readonly [name: string]: unknown;
}

/** An OpenAPI 3.1 document. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: OpenApiInfo;
  readonly servers?: readonly Node[];
  readonly tags: readonly { readonly name: string }[];
  /** Operations by path and verb. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Node>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Node>>;
  };
}
