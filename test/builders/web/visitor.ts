import type { Locator, Page } from 'playwright-core';

/** Somebody at a page who acts on what stands there. What they do is counted: a click or a tap, a text typed, a key that chooses. */
export function aVisitor(page: Page) {
  let actions = 0;
  return {
    page,
    actions: (): number => actions,
    click: async (target: Locator): Promise<void> => {
      actions += 1;
      await target.click();
    },
    /** Types into a field; `Enter` sends it off in the same breath. */
    type: async (field: Locator, text: string, { enter = false } = {}): Promise<void> => {
      actions += 1;
      await field.fill(text);
      if (enter) await field.press('Enter');
    },
    /** What a copy button has put into the clipboard. */
    clipboard: async (): Promise<string> => String(await page.evaluate('navigator.clipboard.readText()')),
    button: (name: string | RegExp): Locator =>
      page.getByRole('main').getByRole('button', { name, exact: typeof name === 'string' }),
    link: (name: string | RegExp): Locator => page.getByRole('main').getByRole('link', { name }),
    /** An entry of the navigation, which phones keep behind a button. */
    goTo: async (label: string): Promise<void> => {
      const burger = page.getByRole('button', { name: 'Open navigation' });
      if (await burger.isVisible()) {
        actions += 1;
        await burger.click();
      }
      actions += 1;
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: label, exact: true }).click();
    },
  };
}
export type Visitor = ReturnType<typeof aVisitor>;
