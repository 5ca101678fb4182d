import { expect } from 'chai';
import { openApiDocument } from '../../lib/rest';
import { eachEngine } from '../orm/shop';
import { useLibrary, words } from './support/lending';

// biome-ignore lint/suspicious/noExplicitAny: rows of any attributes
type Any = any;

eachEngine('includes through another table, of all kinds', (database, engine) => {
  const { library, books, ask, get } = useLibrary(database, engine);

  it('goes by the scopes of the rows, of the association and of its table', async () => {
    expect(words(await get('/books/1?include=mainTags'), 'mainTags')).eql(['two']);
    await library.Tag.update({ hidden: true }, { where: { id: [1, 2] } });
    expect(words(await get('/books/1?include=tags'))).eql(['three', 'four']);
    expect((await get('/books/1?include=mainTags')).mainTags).eql([]);
  });

  it('through a table that has no model of ours; what the scope leaves out is not shown', async () => {
    const { plain } = await get('/books/2?include=plain');
    expect(plain[0]).include({ id: 3, word: 'three', hidden: false });
    expect(plain[0]).not.to.have.any.keys('secret', 'shelf mark', 'bookId', 'tagId');
  });

  it('by keys that are not primary, and null in some rows', async () => {
    const { results } = await get('/books?include=coded');
    expect(results.map((row: Any) => words(row, 'coded'))).eql([['one', 'two'], [], []]);
  });

  it('from a model to itself, and several at once', async () => {
    const { results } = await get('/books?include=sequels,tags');
    expect(results.map(({ sequels }: Any) => sequels)).eql([[{ title: 'C' }], [{ title: 'C' }], []]);
    expect(words(results[1])).eql(['two', 'four']);
  });

  it('to a plain model with a key of two attributes, in order of both', async () => {
    const { results } = await get('/books?include=places');
    expect(results.map(({ places }: Any) => places)).eql([[{ name: 'c' }, { name: 'a' }], [], []]);
  });

  it('is described as any list of rows, and not offered in the past', async () => {
    const document = openApiDocument([books()], { info: { title: 'Books', version: '1' } }) as Any;
    const of = (path: string) => JSON.stringify(document.paths[path].get);
    expect(of('/books')).contain('mainTags');
    expect(JSON.stringify(document.components.schemas)).contain(
      '"maxItems":2,"description":"Where \\"include\\" has \\"tags\\"."',
    );
    const at = encodeURIComponent(new Date().toISOString());
    expect((await ask('GET', `/books/as-of?at=${at}&include=tags`)).status).equal(400);
    expect((await ask('GET', `/books/as-of?at=${at}`)).status).equal(200);
  });

  it('refuses a scope by which it cannot pick', () => {
    const { Tag } = library;
    const { _scope } = Tag;
    Tag._scope = { ..._scope, include: ['books'] };
    try {
      expect(books).to.throw('"tags" goes through another table, and the default scope of Tag has "include"');
    } finally {
      Tag._scope = _scope;
    }
  });
});
