import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SCRIPT = "document.querySelector('h1').textContent = 'Tributary';\n";
const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1H0z"/></svg>\n';

/** Writes the web app: `index.html`, `favicon.svg`, and under `assets/` what has its content's hash in its name. */
export async function buildWebApp(outDirectory: string): Promise<void> {
  const hash = createHash('sha256').update(SCRIPT).digest('hex').slice(0, 8).toUpperCase();
  const page = `<!doctype html><html lang="en"><title>Tributary</title><h1>Loading</h1><script src="/assets/hello-${hash}.js"></script></html>\n`;
  await mkdir(join(outDirectory, 'assets'), { recursive: true });
  await writeFile(join(outDirectory, 'index.html'), page);
  await writeFile(join(outDirectory, 'favicon.svg'), ICON);
  await writeFile(join(outDirectory, 'assets', `hello-${hash}.js`), SCRIPT);
}
