import type { Json } from '../../../shared/domain/json.ts';
import { byText, keyOf } from '../files/canonical.ts';
import { escaped, variableNames, withoutDots } from '../files/placeholders.ts';
import type { DestinationFile, Files } from '../files/workspace-files.ts';
import { filesWithoutSecrets, type KnownDestination, type KnownWorkspace } from './known.ts';

export type ExportOptions = { writeKeys: boolean };

/** The files of a workspace: secrets as `${NAME}`, whose names are made of source, destination and setting; no ids, no times. */
export function exportFiles(known: KnownWorkspace, { writeKeys }: ExportOptions): Files {
  const files = filesWithoutSecrets(known);
  const nameOf = variableNames();
  // Names are given in the order of the files, so that the same workspace has the same names.
  const inOrder = known.destinations.toSorted((a, b) => byText(orderOf(a), orderOf(b)));
  return {
    ...files,
    sources: files.sources
      .toSorted((a, b) => byText(a.slug, b.slug))
      .map((source) => ({
        ...source,
        ...(source.hook !== undefined && { hook: withoutSecrets(source.hook, nameOf, source.slug, 'hook') }),
        ...(!writeKeys && { writeKeys: undefined }),
      })),
    destinations: inOrder.map(({ file, secretKeys }) => withPlaceholders(file, secretKeys, nameOf)),
  };
}

const byName = (a: { name: string }, b: { name: string }): number =>
  byText(a.name, b.name) || byText(keyOf(a), keyOf(b));
const orderOf = ({ file }: KnownDestination): string => `${file.source}/${file.name} ${keyOf(file)}`;

function withPlaceholders(
  file: DestinationFile,
  secretKeys: readonly string[],
  nameOf: (...parts: string[]) => string,
): DestinationFile {
  const secrets = secretKeys
    .toSorted(byText)
    .map((key) => [key, `\${${nameOf(file.source, file.name, key)}}`] as const);
  return {
    ...file,
    settings: { ...(escaped(file.settings) as Record<string, Json>), ...Object.fromEntries(secrets) },
    mappings: file.mappings.toSorted(byName).map((mapping) => ({
      ...mapping,
      fields: withoutSecrets(mapping.fields, nameOf, file.source, file.name, mapping.name),
    })),
  };
}

const withoutSecrets = (
  map: Readonly<Record<string, Json>>,
  nameOf: (...parts: string[]) => string,
  ...at: string[]
): Record<string, Json> => withoutDots(escaped(map), (...path) => nameOf(...at, ...path)) as Record<string, Json>;
