import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from './accessibility.ts';
import type { Claims } from './claims.ts';

const SIZES = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } } as const;
const SCHEMES = ['light', 'dark'] as const;

/** What a phone's width shows: it has room for one part at a time. */
export type NarrowPart = 'Slack' | 'Backstage';

/** Looks at what the page shows in every colour scheme and width: a screenshot and an accessibility check of each. */
export async function lookAtAll(
  page: Page,
  folder: string,
  name: string,
  claims: Claims,
  part: NarrowPart,
): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of SCHEMES) {
      await page.setViewportSize(viewport);
      const parts = page.getByRole('navigation', { name: 'Parts of the page' });
      if (size === 'narrow' && part !== 'Slack') await parts.getByRole('button', { name: part }).click();
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`) });
      const problems = await accessibilityProblems(page);
      claims.claim(`${name}, ${size}, ${colorScheme}: accessible`, problems.length === 0, problems.join('\n      '));
      const sideways = await page.evaluate<boolean>(
        'document.documentElement.scrollWidth > document.documentElement.clientWidth',
      );
      claims.claim(`${name}, ${size}, ${colorScheme}: nothing sticks out sideways`, !sideways);
    }
  }
  if (part !== 'Slack') await page.getByRole('button', { name: 'Slack', exact: true }).click();
  await page.setViewportSize(SIZES.wide);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
}
