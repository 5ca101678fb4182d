import { expect } from 'chai';
import { eachEngine } from '../orm/shop';
import { useLibrary, words } from './support/lending';

eachEngine('includes through another table', (database, engine) => {
  const { library, sent, ask, get } = useLibrary(database, engine);

  it('shows of each row as many as the limit, in order of their key, by two queries for all', async () => {
    const { results } = await get('/books?include=tags');
    expect(results.map((row: object) => words(row))).eql([['one', 'two'], ['two', 'four'], []]);
    expect(results[0]).eql({ title: 'A', tags: [{ word: 'one' }, { word: 'two' }] });
    expect(sent.length).equal(4); // the page, its count, and the two
    await library.Book.bulkCreate(Array.from({ length: 9 }, () => ({ title: 'more' })));
    sent.length = 0;
    expect((await get('/books?include=tags')).results).length(12);
    expect(sent.length).equal(4);
  });

  it('of one row, too, and of one that was written, in its transaction', async () => {
    expect(words(await get('/books/2?include=tags'))).eql(['two', 'four']);
    sent.length = 0;
    expect(words((await ask('PATCH', '/books/2?include=tags', { body: { title: 'Z' } })).body)).eql(['two', 'four']);
    expect(sent.filter((sql) => /^Executing \(default\)/.test(sql))).eql([]);
    expect((await ask('POST', '/books?include=tags', { body: { title: 'N' } })).body).eql({ title: 'N', tags: [] });
    expect((await ask('GET', '/books/9?include=tags')).status).equal(404);
  });

  it('hides what is archived, of the rows and of the table between, before the limit, unless it is asked for', async () => {
    await library.Link.destroy({ where: { bookId: 1, tagId: 1 } });
    expect(words(await get('/books/1?include=tags'))).eql(['two', 'three']);
    await library.Link.destroy({ where: { tagId: 2 } });
    await library.Tag.destroy({ where: { id: 2 } });
    expect(words(await get('/books/1?include=tags'))).eql(['three', 'four']);
    expect(words(await get('/books/2?include=tags'))).eql(['four']);
    expect(words(await get('/all/1?include=tags'))).eql(['one', 'two', 'three', 'four']);
  });

  it('of an archived row, whose links went with it', async () => {
    await library.Book.destroy({ where: { id: 2 } });
    expect((await get('/books/deleted/2?include=tags')).tags).eql([]);
    expect(words(await get('/all/deleted/2?include=tags'))).eql(['two', 'four']);
  });

  it('hides an archived row that a live row of the table between links', async () => {
    await database.sequelize.query('UPDATE "tag" SET _deleted_at = now() WHERE word = 3');
    expect((await get('/books/2?include=plain')).plain).eql([]);
  });
});
