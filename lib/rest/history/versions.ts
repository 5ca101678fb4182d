import { diffOf } from '../../history/reading';
import { linksTo, withLinks } from '../links';
import { badParameter } from '../problem/problem';
import { whole } from '../query/page';
import type { Job } from '../work';
import { faceOfDiff, faceOfVersion } from './face';
import { numberOf, subjectOf, versionNumbered, versionsOf } from './subject';

/** The orders of versions: the last one first, if nothing is said. */
export const VERSION_ORDERS = ['-number', 'number'] as const;

/** GET of a row's versions. */
export const listVersions: Job = {
  action: () => 'listVersions',
  async run(work) {
    const { parameters, settings } = work;
    const { page } = settings;
    const size = whole('size', parameters.take('size'), page.size, page.max);
    const number = whole('page', parameters.take('page'), 1, Math.floor(page.maxOffset / size) + 1);
    const sort = parameters.take('sort') ?? '-number';
    if (!(VERSION_ORDERS as readonly string[]).includes(sort)) throw badParameter('sort', 'must be number or -number.');
    parameters.end();
    const found = await versionsOf(await subjectOf(work), {
      limit: size + 1,
      offset: (number - 1) * size,
      order: sort === 'number' ? 'ASC' : 'DESC',
    });
    const results = await Promise.all(found.slice(0, size).map((version) => faceOfVersion(work, version)));
    return withLinks(work, { results }, linksTo(number, found.length > size));
  },
};

/** GET of one version of a row. */
export const readVersion: Job = {
  action: () => 'readVersion',
  async run(work) {
    work.parameters.end();
    const number = numberOf('number', work.context.request.params.number as string | undefined);
    const version = await versionNumbered(await subjectOf(work), number);
    return { status: 200, body: await faceOfVersion(work, version) };
  },
};

/** GET of what differs between two versions of a row. */
export const diff: Job = {
  action: () => 'diff',
  async run(work) {
    const { parameters } = work;
    const from = numberOf('from', parameters.take('from'));
    const to = numberOf('to', parameters.take('to'));
    parameters.end();
    const subject = await subjectOf(work);
    const [a, b] = [await versionNumbered(subject, from), await versionNumbered(subject, to)];
    const names = Object.keys(await diffOf(a.instance, a, b));
    return { status: 200, body: { from, to, changes: await faceOfDiff(work, names, a, b) } };
  },
};
