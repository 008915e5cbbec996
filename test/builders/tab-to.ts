import type { Locator, Page } from 'playwright-core';

/** No page has so many things that take the focus before any one of them. */
const PRESSES_MAX = 120;

/** Presses Tab until it has the focus, as somebody without a mouse. Throws where Tab does not lead there. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.first().waitFor();
  for (let presses = 0; presses < PRESSES_MAX; presses += 1) {
    if ((await target.and(page.locator(':focus')).count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach ${String(target)}`);
}
