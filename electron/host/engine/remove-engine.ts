import fs from 'node:fs/promises';
import { temporaryName } from '../atomic-write.ts';
import { diskProblem } from '../disk-problem.ts';
import { activeEngine, engineFolder, enginesHome, installedEngines, notInstalled, useNone } from './engines-home.ts';
import { changingEngines } from './engines-lock.ts';

/**
 * Removes an engine, or all of them where no name is given; answers the names. Where the one in use goes, none is in use.
 * A folder disappears by one renaming, so that no half of it is ever found. Throws BadInput where it is not there.
 */
export async function removeEngines(name: string | null, home: string = enginesHome()): Promise<string[]> {
  const engines = await installedEngines(home);
  if (name !== null) {
    engineFolder(home, name);
    if (!engines.some(({ record }) => record.name === name)) throw notInstalled(name, engines);
  }
  const names = engines.map(({ record }) => record.name).filter((one) => name === null || one === name);
  if (names.length === 0) return [];
  try {
    await changingEngines(home, async () => {
      if (names.includes(activeEngine(home)?.record.name ?? '')) await useNone(home);
      for (const one of names) {
        const folder = engineFolder(home, one);
        const aside = temporaryName(folder);
        await fs.rename(folder, aside);
        await fs.rm(aside, { recursive: true, force: true });
      }
    });
  } catch (problem) {
    throw diskProblem(problem, home);
  }
  return names;
}
