import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { CliError } from './cli-error.ts';
import { helpText, readFlags } from './flags.ts';
import { asTyped, runCommand } from './run-command.ts';

const ROOT = join(import.meta.dirname, '..');
const PACKAGE = join(ROOT, 'cli', 'testing');
const OUT_DEFAULT = join(ROOT, '.build', 'testing');

const FLAGS = {
  out: { value: 'FOLDER', help: 'where the package goes; .build/testing where nothing is said' },
  help: { help: 'print this' },
} as const;
const USAGE = 'npm run testing:build [-- --out FOLDER]';
const ABOUT =
  'Builds @tributary/testing, which expects events in tests: JavaScript with all that it needs in it, and its types. Then: npm install --save-dev FOLDER.';

/** The form without modules is for test runners that turn `import` into `require`. */
const FORMS: readonly BuildOptions[] = [
  { format: 'esm', outfile: 'index.js' },
  { format: 'cjs', outfile: 'index.cjs', define: { 'import.meta.dirname': '__dirname' } },
];

async function main(argv: string[]): Promise<number> {
  const { flags } = readFlags(FLAGS, argv);
  if (flags.help) {
    console.log(helpText(USAGE, ABOUT, FLAGS));
    return 0;
  }
  const out = flags.out === undefined ? OUT_DEFAULT : asTyped(flags.out);
  rmSync(join(out, 'types'), { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const { outfile = '', ...form } of FORMS) {
    await build({
      entryPoints: [join(PACKAGE, 'index.ts')],
      bundle: true,
      platform: 'node',
      target: 'node20',
      outfile: join(out, outfile),
      legalComments: 'none',
      logLevel: 'silent',
      ...form,
    });
  }
  writeTypes(join(out, 'types'));
  for (const file of ['package.json', 'README.md']) cpSync(join(PACKAGE, file), join(out, file));
  console.log(`@tributary/testing is in ${out}: npm install --save-dev ${out}`);
  return 0;
}

function writeTypes(outDir: string): void {
  const options = ['--ignoreConfig', '--declaration', '--emitDeclarationOnly', '--allowImportingTsExtensions'];
  options.push('--module', 'preserve', '--moduleResolution', 'bundler', '--target', 'es2024', '--strict');
  options.push('--types', 'node', '--skipLibCheck', '--rootDir', join(ROOT, 'cli'), '--outDir', outDir);
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, join(PACKAGE, 'index.ts'), ...options], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new CliError(`The types of @tributary/testing could not be written: ${stdout}`);
  for (const name of readdirSync(outDir, { recursive: true, encoding: 'utf8' }).filter((each) =>
    each.endsWith('.d.ts'),
  )) {
    const path = join(outDir, name);
    // The compiler leaves the endings of sources, which a reader of the types has not.
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(/(from '\.{1,2}\/[^']+)\.ts'/g, "$1.js'"));
  }
}

await runCommand(main);
