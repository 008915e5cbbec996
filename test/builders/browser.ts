import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Where the Chromium of the npm package lies, unpacked, and the libraries that a bare machine lacks. */
export const findChromium = (): { executablePath: string; libraryPath: string } =>
  JSON.parse(
    execFileSync(process.execPath, [join(import.meta.dirname, 'find-chromium.mjs')], { encoding: 'utf8' }),
  ) as { executablePath: string; libraryPath: string };

/** A headless Chromium from the npm package: nothing has to be on the machine. The caller closes it. */
export async function aBrowser(): Promise<Browser> {
  const found = findChromium();
  return await chromium.launch({
    executablePath: found.executablePath,
    env: { ...process.env, LD_LIBRARY_PATH: found.libraryPath },
    // No sandbox: CI runs as root. No calls home: the tests' network is closed.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-first-run',
    ],
  });
}
