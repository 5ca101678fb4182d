import type { Stage } from '../stage';

/** A city is archived by itself, before anything happens to its country. */
export async function archiveCity(stage: Stage): Promise<void> {
  const { early } = stage.cast;
  stage.trace.scene(`${early.name} is archived by itself, before its country is`);
  await stage.raw(`DELETE FROM city WHERE id = ${early.id}`);
  const archived = await stage.count('', 'archived');
  stage.check('guitar', `archived: ${early.name} alone`, { country: 0, region: 0, city: 1 }, archived);
}
