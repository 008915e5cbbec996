import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type * as z from 'zod';
import { CliError } from '../../cli-error.ts';
import { folderKinds, FOLDERS, LABELS_FILE, SETTINGS_FILE, WORKSPACE_FILE } from './file-layout.ts';
import { type FileKind, type Files, NAMES, noFiles, SCHEMAS, type ThingIn, WorkspaceFile } from './workspace-files.ts';
import { byText } from './canonical.ts';

/** Bounds of one folder. */
const FILES_MAX = 20_000;
const FILE_BYTES_MAX = 10_000_000;
const DEPTH_MAX = 3;
/** Faults told at once. */
const FAULTS_MAX = 50;

export type Written = { written: string[]; removed: string[]; unchanged: number };

/**
 * Writes files, and removes those of these kinds in the folder that are no longer there: what is left over would come back at the next import. Touches nothing
 * that is the same already. Throws CliError where the folder holds something that is not an export.
 */
export async function writeFolder(
  folder: string,
  texts: ReadonlyMap<string, string>,
  kinds: readonly FileKind[],
): Promise<Written> {
  await refuseForeign(folder);
  const before = await ownPaths(folder, kinds);
  const done: Written = { written: [], removed: [], unchanged: 0 };
  for (const [path, text] of texts) {
    const file = join(folder, path);
    if ((await textOf(file)) === text) {
      done.unchanged += 1;
      continue;
    }
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    done.written.push(path);
  }
  for (const path of before) {
    if (texts.has(path)) continue;
    await rm(join(folder, path));
    done.removed.push(path);
  }
  return done;
}

export type ReadFolder = {
  files: Files;
  workspace: WorkspaceFile;
  /** The path of each thing. */
  pathOf: (thing: object) => string;
};

/** Reads what `writeFolder` wrote, or people did, of these kinds. Throws CliError that names every fault by file and field. */
export async function readFolder(folder: string, kinds: readonly FileKind[]): Promise<ReadFolder> {
  const faults: string[] = [];
  const paths = new Map<object, string>();
  const marker = await textOf(join(folder, WORKSPACE_FILE));
  if (marker === undefined) {
    throw new CliError(
      `${folder} holds no ${WORKSPACE_FILE}: it is no export. "tributary export ${folder}" makes one.`,
    );
  }
  const workspace = parsed(WorkspaceFile, marker, WORKSPACE_FILE, faults);
  const files: { [K in FileKind]: ThingIn<K>[] } = { ...(noFiles() as { [K in FileKind]: ThingIn<K>[] }) };
  for (const kind of Object.keys(files) as FileKind[]) Object.assign(files, { [kind]: [] });
  const labels = kinds.includes('labels') ? await textOf(join(folder, LABELS_FILE)) : undefined;
  if (labels !== undefined) {
    const listed = parsed(SCHEMAS.labels.array(), labels, LABELS_FILE, faults) ?? [];
    for (const label of listed) {
      files.labels.push(label);
      paths.set(label, LABELS_FILE);
    }
  }
  const settings = kinds.includes('settings') ? await textOf(join(folder, SETTINGS_FILE)) : undefined;
  const setting = settings === undefined ? undefined : parsed(SCHEMAS.settings, settings, SETTINGS_FILE, faults);
  if (setting !== undefined) {
    files.settings.push(setting);
    paths.set(setting, SETTINGS_FILE);
  }
  for (const kind of folderKinds(kinds)) {
    for (const path of await jsonPaths(folder, FOLDERS[kind])) {
      const thing = parsed<ThingIn<typeof kind>>(SCHEMAS[kind], (await textOf(join(folder, path))) ?? '', path, faults);
      if (thing === undefined) continue;
      (files[kind] as ThingIn<typeof kind>[]).push(thing);
      paths.set(thing, path);
    }
  }
  faults.push(...repeated(files, paths));
  if (faults.length > 0 || workspace === undefined) {
    const more = faults.length > FAULTS_MAX ? `\n… and ${faults.length - FAULTS_MAX} more` : '';
    throw new CliError(`The files in ${folder} cannot be used:\n${faults.slice(0, FAULTS_MAX).join('\n')}${more}`);
  }
  return { files, workspace, pathOf: (thing) => paths.get(thing) ?? LABELS_FILE };
}

function parsed<T>(schema: z.ZodType<T>, text: string, path: string, faults: string[]): T | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    faults.push(`${path}: is not JSON: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [undefined];
    for (const key of keys) {
      const at = [...issue.path, ...(key === undefined ? [] : [key])].map(String).join('.');
      faults.push(`${path}: ${at === '' ? '' : `${at}: `}${key === undefined ? issue.message : 'is not known here'}`);
    }
  }
  return undefined;
}

/** Sources and labels are known by what they are called; two of one name could not be told apart. */
function repeated(files: Files, paths: ReadonlyMap<object, string>): string[] {
  const faults: string[] = [];
  for (const kind of ['labels', 'sources'] as const) {
    const seen = new Map<string, object>();
    for (const thing of files[kind]) {
      const name =
        kind === 'labels' ? NAMES.labels(thing as ThingIn<'labels'>) : NAMES.sources(thing as ThingIn<'sources'>);
      const first = seen.get(name);
      if (first !== undefined) faults.push(`${paths.get(thing)}: "${name}" is in ${paths.get(first)} already`);
      seen.set(name, thing);
    }
  }
  return faults;
}

async function refuseForeign(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  const others = names.filter((name) => !name.startsWith('.'));
  if (others.length > 0 && !names.includes(WORKSPACE_FILE)) {
    throw new CliError(`${folder} holds other things than an export (${others[0]}): name a new or empty folder.`);
  }
}

async function ownPaths(folder: string, kinds: readonly FileKind[]): Promise<string[]> {
  const lists = await Promise.all(folderKinds(kinds).map(async (kind) => await jsonPaths(folder, FOLDERS[kind])));
  return lists.flat();
}

/** Files of one kind, in the order of their paths. What is no .json is passed over. */
async function jsonPaths(folder: string, kindFolder: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (path: string, depth: number): Promise<void> => {
    if (depth > DEPTH_MAX) return;
    const entries = await readdir(join(folder, path), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const inner = `${path}/${entry.name}`;
      if (entry.isDirectory()) await walk(inner, depth + 1);
      else if (entry.isFile() && entry.name.endsWith('.json')) found.push(inner);
      if (found.length > FILES_MAX) throw new CliError(`${folder} has more than ${FILES_MAX} files.`);
    }
  };
  await walk(kindFolder, 1);
  return found.toSorted(byText);
}

async function textOf(file: string): Promise<string | undefined> {
  const size = await stat(file).then(
    (found) => found.size,
    () => undefined,
  );
  if (size === undefined) return undefined;
  if (size > FILE_BYTES_MAX) throw new CliError(`${file} is larger than ${FILE_BYTES_MAX / 1e6} MB.`);
  return await readFile(file, 'utf8');
}
