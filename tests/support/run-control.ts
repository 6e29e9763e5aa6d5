import type { Locator, Page } from 'playwright-core';

const withoutSpaces = (text: string): string => text.replace(/\s/g, '');

/** What stands beside a name in the run control. */
export async function controlValue(page: Page, name: string): Promise<string> {
  const control = page.getByRole('region', { name: 'Run control' });
  const row = control.locator('dt', { hasText: new RegExp(`^${name}$`) });
  return (await row.locator('xpath=following-sibling::dd[1]').innerText()).trim();
}

/** Updates made by the run that is studied, as the run control says. */
export async function stepShown(page: Page): Promise<number> {
  return Number(withoutSpaces((await controlValue(page, 'Step')).split('/')[0] ?? ''));
}

export async function until(what: string, holds: () => Promise<boolean>, seconds = 60): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`After ${seconds} s still not so: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** The word beside the title of the run that is studied. */
export const stateShown = (page: Page): Promise<string> =>
  page.getByRole('region', { name: 'Settings' }).locator('.badge').first().innerText();

export const untilStep = (page: Page, step: number, seconds = 90): Promise<void> =>
  until(`step ${step} is reached`, async () => (await stepShown(page)) >= step, seconds);

export const untilState = (page: Page, state: string | RegExp, seconds = 30): Promise<void> =>
  until(
    `the run is ${state}`,
    async () => {
      const shown = (await stateShown(page).catch(() => '')).trim();
      return typeof state === 'string' ? shown === state : state.test(shown);
    },
    seconds,
  );

/** The rows of the comparison. */
export const comparedRuns = (page: Page): Locator =>
  page.getByRole('region', { name: 'Runs' }).last().getByRole('listitem');

/** Opens a menu of the menu bar and chooses an entry. */
export async function chooseFromMenu(page: Page, menu: string, entry: string | RegExp): Promise<void> {
  await page.getByRole('menubar').getByRole('menuitem', { name: menu, exact: true }).click();
  await page.getByRole('menu').getByRole('menuitem', { name: entry }).first().click();
}
