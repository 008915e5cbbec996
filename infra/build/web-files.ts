import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build as bundle, type Plugin } from 'esbuild';
import { logoFiles } from '../../shared/catalog/logo-files.ts';
import { DEVICE_SCRIPTS, type DeviceScript } from '../../shared/config/device-scripts.ts';
import { buildAppFiles } from './app-files.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const ANALYTICS_JS = join(ROOT, 'node_modules', '@segment', 'analytics-next', 'dist', 'umd');
/** Parts that Analytics.js loads when it needs them. Their names hold a hash of what is in them. */
const CHUNK = /^[\w-]+\.bundle\.[0-9a-f]+\.js$/;
const HASH_CHARS = 16;

/** What the CDN serves as files. */
export type WebFiles = {
  /** No name is ever used for other content, so that all of it may be cached for ever. */
  directory: string;
  /** The web app's page and what else keeps its name when it changes. */
  appDirectory: string;
  /** Logos of the catalog as `logos/<slug>.svg`: a tool may get another one under its name. */
  logoDirectory: string;
  /** The path of each device-mode type's script, by slug. */
  deviceScripts: Record<string, string>;
};

/** Puts all that the CDN serves as files into `outDirectory`, logos and the app's page into two beside it; all are emptied first. A third keeps the app's build. */
export async function buildWebFiles(outDirectory: string): Promise<WebFiles> {
  const [logoDirectory] = await Promise.all([
    buildLogos(`${outDirectory}-logos`),
    rm(outDirectory, { recursive: true, force: true }),
  ]);
  const appDirectory = `${outDirectory}-page`;
  const app = { cacheDirectory: `${outDirectory}-app`, pageDirectory: appDirectory, hashedInto: outDirectory };
  const chunks = join(outDirectory, 'analytics-next', 'bundles');
  await mkdir(chunks, { recursive: true });
  const names = (await readdir(ANALYTICS_JS)).filter((name) => CHUNK.test(name));
  await Promise.all([
    buildAppFiles(app),
    ...names.map((name) => copyFile(join(ANALYTICS_JS, name), join(chunks, name))),
  ]);
  const scripts = await Promise.all(
    DEVICE_SCRIPTS.map(async (script): Promise<[string, string]> => {
      const { text } = await deviceScript(script);
      const hash = createHash('sha256').update(text).digest('hex').slice(0, HASH_CHARS);
      const folder = ['next-integrations', 'actions', script.slug];
      await mkdir(join(outDirectory, ...folder), { recursive: true });
      await writeFile(join(outDirectory, ...folder, `${hash}.js`), text);
      return [script.slug, `/${[...folder, `${hash}.js`].join('/')}`];
    }),
  );
  return { directory: outDirectory, appDirectory, logoDirectory, deviceScripts: Object.fromEntries(scripts) };
}

async function buildLogos(outDirectory: string): Promise<string> {
  await rm(outDirectory, { recursive: true, force: true });
  await mkdir(join(outDirectory, 'logos'), { recursive: true });
  const files = await logoFiles();
  await Promise.all([...files].map(([name, text]) => writeFile(join(outDirectory, 'logos', name), text)));
  return outDirectory;
}

/**
 * The script of one type as Analytics.js loads it: it defines `window[libraryName]`, which makes plugins of settings. `inputs` are the files that went
 * into it: the vendor's own SDK is not among them, the plugin loads that from the vendor when it starts (docs/decisions/018).
 */
export async function deviceScript(script: DeviceScript): Promise<{ text: string; inputs: string[] }> {
  const {
    outputFiles: [file],
    metafile,
  } = await bundle({
    stdin: { contents: entryOf(script), resolveDir: ROOT, sourcefile: `${script.slug}.js` },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    // What the chunks of Analytics.js are made for.
    target: 'es2017',
    platform: 'browser',
    format: 'iife',
    legalComments: 'none',
    logLevel: 'silent',
    absWorkingDir: ROOT,
    plugins: [SMALL_CORE, OUR_TRIGGERS, WITHOUT_VENDOR_TAG],
  });
  if (file === undefined) throw new Error(`esbuild gave no script for ${script.slug}`);
  return { text: file.text, inputs: Object.keys(metafile.inputs) };
}

/** Analytics.js merges what it knows of the integration into the settings; that is no affair of the vendor's SDK. */
const entryOf = ({ libraryName, package: source }: DeviceScript): string => `
import factory from '${source}';
const plugins = ({ bundlingStatus, consentSettings, ...settings }) => factory(settings);
plugins.pluginName = factory.pluginName;
window[${JSON.stringify(libraryName)}] = plugins;
`;

/** Of the destinations' core, made for servers, two functions are used in browsers. */
const SMALL_CORE: Plugin = {
  name: 'small core',
  setup: (build) => {
    build.onResolve({ filter: /^@segment\/actions-core$/ }, () => ({ path: 'core', namespace: 'small-core' }));
    build.onLoad({ filter: /^core$/, namespace: 'small-core' }, () => ({
      contents: ['defaults', 'omit']
        .map(
          (name) =>
            `export * from ${JSON.stringify(join(ROOT, `node_modules/@segment/actions-core/dist/esm/${name}.js`))};`,
        )
        .join('\n'),
      resolveDir: ROOT,
    }));
  },
};

/** Triggers of mappings mean in a browser what they mean here: the same code reads them. The library's own misreads much of what editors cannot write. */
const OUR_TRIGGERS: Plugin = {
  name: 'our triggers',
  setup: (build) => {
    build.onResolve({ filter: /^@segment\/destination-subscriptions$/ }, () => ({
      path: 'ours',
      namespace: 'triggers',
    }));
    build.onLoad({ filter: /^ours$/, namespace: 'triggers' }, () => ({
      contents: `
import { triggerCondition } from ${JSON.stringify(join(ROOT, 'shared', 'domain', 'condition.ts'))};
export const parseFql = (text) => text;
export const validate = (text, event) => triggerCondition(text)(event) === true;`,
      resolveDir: ROOT,
    }));
  },
};

const VENDOR_TAG = 'client.instance.addSdkMetadata([client.instance.BrazeSdkMetadata.SEGMENT]);';

/** The library tells Braze that Segment sends. It is we who send. */
const WITHOUT_VENDOR_TAG: Plugin = {
  name: 'without vendor tag',
  setup: (build) => {
    build.onLoad({ filter: /analytics-browser-actions-braze[/\\]dist[/\\]\w+[/\\]index\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      if (!text.includes(VENDOR_TAG)) throw new Error(`${path} no longer says "${VENDOR_TAG}": look what it says now`);
      return { contents: text.replace(VENDOR_TAG, ''), loader: 'js' };
    });
  },
};
