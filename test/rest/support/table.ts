/**
 * What each route answers, by the state of what it is asked about. `→` says what becomes of the row that the request names
 * (or that is alone in the table): `same`, `live`, `archived` or `gone`.
 *
 * - live, archived, missing: the row is so.
 * - guarded: it is live, and a live invoice refers to it by RESTRICT.
 * - orphaned: it is archived, or is to be written, under an archived author.
 * - taken: another live row has the slug that it has, archived, or is to be given.
 * - forbidden, anonymous: it is live, and `authorize` answers no, or throws a 401.
 * - malformed: the key is none; where there is none, a parameter is unknown, or the body is no object.
 */
export const TABLE = `
| route                      | live            | archived       | missing      | guarded        | orphaned       | taken          | forbidden  | anonymous  | malformed  |
| GET /                      | 200 list 1      | 200 list 0     | 200 list 0   | 200 list 1     | 200 list 0     | 200 list 1     | 403 → same | 401 → same | 400 → same |
| POST /                     | 201 object      | 201 object     | 201 object   | 201 object     | 409 → same     | 409 → same     | 403 → same | 401 → same | 400 → same |
| DELETE /                   | 204 → archived  | 204 → same     | 204          | 409 → same     | 204 → same     | 204 → same     | 403 → same | 401 → same | 400 → same |
| DELETE /?permanent=true    | 204 → gone      | 204 → gone     | 204          | 409 → same     | 204 → gone     | 204 → gone     | 403 → same | 401 → same | 400 → same |
| PATCH /restore             | 204 → same      | 204 → live     | 204          | 204 → same     | 409 → same     | 409 → same     | 403 → same | 401 → same | 400 → same |
| GET /deleted               | 200 list 0      | 200 list 1     | 200 list 0   | 200 list 0     | 200 list 1     | 200 list 1     | 403 → same | 401 → same | 400 → same |
| GET /with-deleted          | 200 list 1      | 200 list 1     | 200 list 0   | 200 list 1     | 200 list 1     | 200 list 2     | 403 → same | 401 → same | 400 → same |
| GET /:pk                   | 200 object      | 404 → same     | 404          | 200 object     | 404 → same     | 404 → same     | 403 → same | 401 → same | 400 → same |
| GET /deleted/:pk           | 404 → same      | 200 object     | 404          | 404 → same     | 200 object     | 200 object     | 403 → same | 401 → same | 400 → same |
| GET /with-deleted/:pk      | 200 object      | 200 object     | 404          | 200 object     | 200 object     | 200 object     | 403 → same | 401 → same | 400 → same |
| PUT /:pk                   | 200 object      | 404 → same     | 404          | 200 object     | 404 → same     | 404 → same     | 403 → same | 401 → same | 400 → same |
| PATCH /:pk                 | 200 object      | 404 → same     | 404          | 200 object     | 404 → same     | 404 → same     | 403 → same | 401 → same | 400 → same |
| DELETE /:pk                | 204 → archived  | 404 → same     | 404          | 409 → same     | 404 → same     | 404 → same     | 403 → same | 401 → same | 400 → same |
| DELETE /:pk?permanent=true | 204 → gone      | 204 → gone     | 404          | 409 → same     | 204 → gone     | 204 → gone     | 403 → same | 401 → same | 400 → same |
| PATCH /:pk/restore         | 404 → same      | 200 object → live | 404       | 404 → same     | 409 → same     | 409 → same     | 403 → same | 401 → same | 400 → same |
`;

/** States of what a request is about. */
export type Scene =
  | 'live'
  | 'archived'
  | 'missing'
  | 'guarded'
  | 'orphaned'
  | 'taken'
  | 'forbidden'
  | 'anonymous'
  | 'malformed';

/** One cell of the table. */
export interface Cell {
  readonly verb: string;
  readonly path: string;
  readonly scene: Scene;
  /** The cell as it is written. */
  readonly text: string;
  readonly status: number;
  readonly body: string | undefined;
  readonly becomes: string | undefined;
}

const cellsOf = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map((text) => text.trim());

/** The cells of the table. */
export function cells(): Cell[] {
  const [head = '', ...lines] = TABLE.trim().split('\n');
  const [, ...scenes] = cellsOf(head);
  return lines.flatMap((line) => {
    const [route = '', ...texts] = cellsOf(line);
    const [verb = '', path = ''] = route.split(' ');
    return texts.map((text, n) => {
      const [said = '', becomes] = text.split(' → ');
      const [status, ...body] = said.split(' ');
      return {
        verb,
        path,
        scene: scenes[n] as Scene,
        text,
        status: Number(status),
        body: body.join(' ') || undefined,
        becomes,
      };
    });
  });
}
