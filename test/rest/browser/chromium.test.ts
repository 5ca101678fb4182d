import axe from 'axe-core';
import { expect } from 'chai';
import express from 'express';
import type { Page } from 'playwright-core';
import { withRevision } from '../../../lib/history';
import { archiveBrowser } from '../../../lib/rest';
import { useDatabase } from '../../support/database';
import { useServer } from '../support/client';
import { useChromium } from './chromium';
import { screenshot, watched } from './pages';
import { defineMusic, fill, type Music } from './world';

describe('the archive in a browser', function () {
  this.timeout(120_000);
  const browser = useChromium();
  const db = useDatabase();
  let music: Music;
  before(async () => {
    music = defineMusic(db.sequelize);
    await db.sequelize.sync();
    for (const name of ['Ana Vidović', 'Barrios', 'Sor', 'Tárrega', 'Yepes', 'Bream', 'Segovia', 'Giuliani'])
      await fill(music, name);
  });
  const server = useServer(() => {
    const { Artist, Album, Track } = music;
    const archive = archiveBrowser({
      models: [Artist, Album, { model: Track, label: 'Songs' }],
      authorize: () => true,
      revision: () => ({ actor: 'support@example.org', comment: 'Ticket 17' }),
    });
    return express().use('/archive', archive);
  });
  const open = (scheme?: 'light' | 'dark') => watched(browser(), server.origin(), scheme);
  const dialog = (page: Page) => page.locator('dialog[open]');
  const deleted = async (name: string) => {
    const [rows] = await db.sequelize.query(`SELECT _deleted_at FROM artist WHERE name = '${name}'`);
    return (rows as { _deleted_at: unknown }[]).map((row) => row._deleted_at !== null)[0];
  };

  it('what raw SQL has archived is seen, previewed and restored', async () => {
    await db.sequelize.query(`DELETE FROM artist WHERE name = 'Sor'`);
    const { page, checked } = await open();
    await page.goto(`${server.origin()}/archive`);
    await page.getByRole('link', { name: 'Artists' }).first().click();
    await page.getByRole('link', { name: 'Sor' }).click();
    await page.getByText('The same deletion archived 9 rows more').waitFor();
    await page.getByRole('button', { name: 'Restore…' }).click();
    await dialog(page).getByText('10 rows come back').waitFor();
    expect(await deleted('Sor')).to.equal(true);
    await dialog(page).getByRole('button', { name: 'Restore it' }).click();
    await dialog(page).getByText('1 row restored').waitFor();
    expect(await deleted('Sor')).to.equal(false);
    await dialog(page).getByRole('button', { name: 'Done' }).click();
    await page.getByText('Nothing is archived here').waitFor();
    expect(await music.Album.count({ include: [{ model: music.Artist, where: { name: 'Sor' } }] })).to.equal(2);
    await checked();
  });

  it('by keyboard alone: found, selected, restored', async () => {
    await music.Artist.destroy({ where: { name: ['Barrios', 'Yepes'] } });
    const { page, checked } = await open();
    await page.goto(`${server.origin()}/archive/Artist`);
    const press = async (key: string, times = 1) => {
      for (let n = 0; n < times; n++) await page.keyboard.press(key);
    };
    const focused = () =>
      page.evaluate(
        '(document.activeElement.textContent || document.activeElement.ariaLabel || document.activeElement.id).trim()',
      );
    await press('Tab');
    expect(await focused()).to.equal('Skip to the content');
    await press('Enter');
    await press('Tab');
    expect(await focused()).to.equal('search');
    await page.keyboard.type('barr');
    await press('Enter');
    await page.getByText('1 archived row').waitFor();
    const until = async (what: string) => {
      for (let n = 0; n < 30 && (await focused()) !== what; n++) await press('Tab');
      expect(await focused()).to.equal(what);
    };
    await until('Select Barrios');
    await press('Space');
    await until('Restore 1 selected…');
    await press('Enter');
    await dialog(page).waitFor();
    expect(await focused()).to.equal('Restore Barrios?');
    await press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    expect(await focused()).to.equal('Restore 1 selected…');
    await press('Enter');
    await dialog(page).getByText('10 rows come back').waitFor();
    await press('Tab');
    expect(await focused()).to.equal('Restore it');
    await press('Enter');
    await dialog(page).getByText('1 row restored').waitFor();
    expect(await focused()).to.equal('1 row restored');
    await press('Tab');
    await press('Enter');
    await page.waitForURL(`${server.origin()}/archive/Artist`);
    expect([await deleted('Barrios'), await deleted('Yepes')]).to.deep.equal([false, true]);
    await checked();
  });

  it('a purge waits for the word to be typed', async () => {
    await music.Artist.destroy({ where: { name: 'Giuliani' } });
    const { page, checked } = await open();
    await page.goto(`${server.origin()}/archive/Artist?search=giuliani`);
    await page.getByRole('link', { name: 'Giuliani' }).click();
    await page.getByRole('button', { name: 'Purge…' }).click();
    await dialog(page).getByText('A purge removes 10 rows').waitFor();
    const go = dialog(page).getByRole('button', { name: 'Purge for good' });
    await go.click();
    expect(await deleted('Giuliani')).to.equal(true);
    await dialog(page).getByLabel('Type “purge” to confirm').fill('purge');
    await go.click();
    await dialog(page).getByText('10 rows were removed for good').waitFor();
    expect(await deleted('Giuliani')).to.equal(undefined);
    await checked();
  });

  it('on a narrow screen nothing is squeezed or cut off, and all can be scrolled to', async () => {
    const title = 'W'.repeat(200);
    const artist = await music.Artist.create({ name: title, country: 'x'.repeat(150) });
    const album = await music.Album.create({ title, notes: 'of some words '.repeat(20), artistId: artist.id });
    await album.update({ notes: 'of other words '.repeat(20) });
    await artist.destroy();
    const { page, checked } = await open();
    await page.setViewportSize({ width: 320, height: 640 });
    const sizes = (of: string) =>
      page.evaluate<number[]>(`[...document.querySelectorAll('${of}')].map((each) => each.clientWidth)`);
    for (const [path, press] of [
      ['/Artist', ''],
      [`/Artist/rows/${artist.id}`, ''],
      [`/Artist/rows/${artist.id}`, 'Purge…'],
      [`/Album/rows/${album.id}/history`, ''],
    ] as const) {
      await page.goto(`${server.origin()}/archive${path}`);
      if (press) await page.getByRole('button', { name: press }).click();
      if (press) await dialog(page).waitFor();
      await screenshot(page, `archive-narrow${path.replaceAll('/', '-')}${press && '-purge'}`);
      expect(Math.max(...(await sizes('html, main')), 0), path).to.be.at.most(320);
      expect(Math.min(...(await sizes('.list td:not(.pick), .diff td'))), path).to.be.at.least(100);
      await page.evaluate(axe.source);
      const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults;
      expect(
        violations.map(({ id }) => id),
        path,
      ).to.deep.equal([]);
    }
    await artist.hardDelete();
    await checked();
  });

  it('to choose how many rows are shown does not leave the page, as arrow keys do it', async () => {
    const { page, checked } = await open();
    await page.goto(`${server.origin()}/archive/Artist`);
    await page.getByLabel('Rows', { exact: true }).selectOption('50');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.waitForURL(/size=50/);
    await page.getByLabel('Rows', { exact: true }).selectOption('10');
    await page.evaluate('new Promise((done) => setTimeout(done, 300))');
    expect(page.url()).to.include('size=50');
    await checked();
  });

  it('a refusal of the server is told, and nothing else is', async () => {
    await music.Artist.destroy({ where: { name: 'Segovia' } });
    const { page, checked } = await open();
    await page.goto(`${server.origin()}/archive/Artist?search=segovia`);
    await page.getByRole('link', { name: 'Segovia' }).click();
    const button = page.getByRole('button', { name: 'Restore…' });
    await button.evaluate((element: { dataset: { body: string } }) => {
      element.dataset.body = '{"keys":["4711"]}';
    });
    await button.click();
    await dialog(page).getByText('There is no archived Artist with this key').waitFor();
    await checked(404);
  });

  for (const scheme of ['light', 'dark'] as const) {
    it(`axe finds nothing serious, and pictures are kept (${scheme})`, async () => {
      await music.Artist.destroy({ where: { name: 'Tárrega' } });
      const [album] = await music.Album.findAll({ include: [{ model: music.Artist, where: { name: 'Bream' } }] });
      await withRevision({ actor: 'ann@example.org', comment: 'Typo in the title' }, async () => {
        await album?.update({ title: `Guitar Recital, second ${scheme} edition`, year: 2007 });
      });
      await withRevision({ actor: 'bo@example.org', comment: 'Cleaning up' }, async () => album?.destroy());
      const { page, checked } = await open(scheme);
      const at = async (name: string, path: string, press?: string) => {
        await page.goto(`${server.origin()}/archive${path}`);
        if (press) {
          await page.getByRole('button', { name: press }).click();
          await dialog(page).waitFor();
        }
        await screenshot(page, `archive-${name}-${scheme}`);
        await page.evaluate(axe.source);
        const found = (await page.evaluate('axe.run()')) as axe.AxeResults;
        const bad = found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        expect(
          bad.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]),
          name,
        ).to.deep.equal([]);
      };
      const { id } = (await music.Artist.findOne({ where: { name: 'Tárrega' }, paranoid: false })) as { id: number };
      await at('overview', '');
      await at('list', '/Artist');
      await at('row', `/Artist/rows/${id}`);
      await at('restore', `/Artist/rows/${id}`, 'Restore…');
      await at('purge', `/Artist/rows/${id}`, 'Purge…');
      await at('history', `/Album/rows/${album?.id}/history`);
      await page.goto(`${server.origin()}/archive/Nothing`);
      await screenshot(page, `archive-problem-${scheme}`);
      await album?.restore();
      await checked(404);
    });
  }
});
