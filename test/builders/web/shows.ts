import type { Locator } from 'playwright-core';

/** Enough to see which face of a page stands there. */
const TEXT_CHARS_MAX = 3_000;

/** Waits until something shows. Throws with what stands on the page instead: its time alone would not say whether it waits, failed, or counts something else. */
export async function shows(locator: Locator, timeoutMs: number): Promise<void> {
  const first = locator.first();
  try {
    await first.waitFor({ timeout: timeoutMs });
  } catch (error) {
    const text = await first
      .page()
      .locator('body')
      .innerText()
      .catch((cause: unknown) => String(cause));
    throw new Error(`${String(error)}\nat ${first.page().url()} stands:\n${text.slice(0, TEXT_CHARS_MAX)}`, {
      cause: error,
    });
  }
}
