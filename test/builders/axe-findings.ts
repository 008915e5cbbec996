import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const AXE = join(import.meta.dirname, '..', '..', 'node_modules', 'axe-core', 'axe.min.js');

const FADED_IN = `Promise.allSettled(document.getAnimations()
  .filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime))
  .map(({ finished }) => finished))`;

type Violation = { id: string; impact: string | null; nodes: { html: string }[] };

/** What axe finds serious or critical on a page as it stands, one line for each rule with the first element. */
export async function axeFindings(page: Page): Promise<string[]> {
  const isThere = await page.evaluate(() => 'axe' in globalThis);
  // By the debugging protocol, not as a script of the page: its content security policy stays as it is.
  if (!isThere) await page.evaluate(readFileSync(AXE, 'utf8'));
  await atRest(page);
  const violations = await page.evaluate<Violation[]>(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id} × ${nodes.length}: ${nodes[0]?.html.slice(0, 160) ?? ''}`);
}

/** Waits until what fades or moves has done so: it is paler than it will be. What moves for ever (skeletons) is as it is. */
export const atRest = async (page: Page): Promise<void> => void (await page.evaluate(FADED_IN));

/** `axeFindings` in both colour schemes, which the page follows. */
export async function axeFindingsInBoth(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await axeFindings(page)).map((line) => `${colorScheme}: ${line}`));
  }
  return found;
}

/** Fails with what axe finds in either colour scheme; `what` says what is open. The page is light again afterwards. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const found = await axeFindingsInBoth(page);
  await page.emulateMedia({ colorScheme: 'light' });
  expect({ what, found }).toEqual({ what, found: [] });
}
