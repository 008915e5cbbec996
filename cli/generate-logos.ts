import { readFile, rm, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as z from 'zod';
import { CliError } from './cli-error.ts';
import { cleanSvg } from './logos/clean-svg.ts';
import { LOGO_PACKAGES, LOGO_SOURCES, type LogoPackage, type LogoSource } from './logos/logo-sources.ts';
import { runCommand } from './run-command.ts';

/**
 * Writes shared/catalog/logos anew from packages of marks. To be run after a change of logos/logo-sources.ts:
 * `node cli/generate-logos.ts [DIR]`, where DIR/node_modules holds the packages; without it, the repository's own.
 */
const ROOT = join(import.meta.dirname, '..');
const INSTALL = `npm install --no-save ${Object.entries(LOGO_PACKAGES)
  .map(([name, version]) => `${name}@${version}`)
  .join(' ')}`;

const Iconify = z.object({
  width: z.number().default(16),
  height: z.number().default(16),
  icons: z.record(
    z.string(),
    z.object({ body: z.string(), width: z.number().optional(), height: z.number().optional() }),
  ),
});
const SimpleIcons = z.array(z.object({ title: z.string(), slug: z.string().optional(), hex: z.string() }));

await runCommand(async ([from = ROOT]) => {
  const packages = await openPackages(join(from, 'node_modules'));
  const out = join(ROOT, 'shared', 'catalog', 'logos');
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  for (const source of LOGO_SOURCES) {
    const svg = cleanSvg(await packages[source.package](source.name));
    if (svg === undefined)
      throw new CliError(`The mark of ${source.slug} cannot be used: ${source.package} ${source.name}.`);
    await writeFile(join(out, `${source.slug}.svg`), `${svg}\n`);
  }
  console.log(`${LOGO_SOURCES.length} logos in ${out}`);
});

/** How each package gives the text of a mark. */
async function openPackages(
  modules: string,
): Promise<Record<LogoPackage, (name: LogoSource['name']) => Promise<string>>> {
  for (const [name, version] of Object.entries(LOGO_PACKAGES)) await requireVersion(join(modules, name), name, version);
  const iconify = Iconify.parse(await json(join(modules, '@iconify-json', 'logos', 'icons.json')));
  const simple = SimpleIcons.parse(await json(join(modules, 'simple-icons', 'data', 'simple-icons.json')));
  return {
    '@iconify-json/logos': async (name) => {
      const icon = iconify.icons[name];
      if (icon === undefined) throw new CliError(`@iconify-json/logos has no ${name}.`);
      const { width = iconify.width, height = iconify.height, body } = icon;
      return `<svg viewBox="0 0 ${width} ${height}">${body}</svg>`;
    },
    'simple-icons': async (name) => {
      const icon = simple.find(({ slug, title }) => (slug ?? title.toLowerCase()) === name);
      if (icon === undefined) throw new CliError(`simple-icons has no ${name}.`);
      const text = await readFile(join(modules, 'simple-icons', 'icons', `${name}.svg`), 'utf8');
      return text.replace('<svg ', `<svg fill="#${icon.hex.toLowerCase()}" `);
    },
    '@thesvg/icons': async (name) => {
      const file = join(modules, '@thesvg', 'icons', 'dist', `${name}.js`);
      const module: unknown = await import(pathToFileURL(file).href);
      return z.object({ svg: z.string() }).parse(module).svg.trim();
    },
  };
}

async function requireVersion(directory: string, name: string, version: string): Promise<void> {
  const installed = await json(join(directory, 'package.json')).catch(() => undefined);
  const found = z.object({ version: z.string() }).safeParse(installed).data?.version;
  if (found !== version) throw new CliError(`${name} ${version} is not there: ${INSTALL}`);
}

async function json(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}
