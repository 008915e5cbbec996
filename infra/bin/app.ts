import { join } from 'node:path';
import { lockBuild } from '../build/build-lock.ts';
import { bundleFunctions } from '../build/bundle.ts';
import { buildCatalogFiles, layCatalog, layLogos } from '../build/catalog-files.ts';
import { buildWebFiles } from '../build/web-files.ts';
import { SettingsError } from '../settings.ts';

/**
 * The CDK app's entry: bundles the functions and synthesises the stacks. The CDK CLI starts it (`npx cdk synth`), the local cloud too; both
 * say through CDK_OUTDIR and CDK_CONTEXT_JSON where to and with which settings.
 */
const build = join(import.meta.dirname, '..', '..', '.build');
const bundles = join(build, 'functions');
const catalog = join(build, 'catalog');

// What is synthesised is copied out of there: whoever builds next leaves it alone.
const release = lockBuild(build);

// esbuild works in a process of its own while this one loads the CDK.
const bundling = bundleFunctions(bundles);
const [{ tributaryApp }, { Code }, files] = await Promise.all([
  import('../tributary-app.ts'),
  import('aws-cdk-lib/aws-lambda'),
  buildWebFiles(join(build, 'web')),
  buildCatalogFiles(catalog),
]);
for (const { name, bytes, built } of await bundling) {
  if (built) process.stderr.write(`bundled ${name}: ${Math.ceil(bytes / 1_024)} KB\n`);
}
// A bundle that is built anew begins with an empty directory.
await layCatalog(catalog, join(bundles, 'api'));
await layLogos(files.logoDirectory, join(bundles, 'api'));
try {
  tributaryApp((name) => Code.fromAsset(join(bundles, name)), files).app.synth();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
release();
