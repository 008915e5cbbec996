// Bundled as deliver is, run in a process of its own for each destination: prints the milliseconds that its code takes to load and to be
// made ready when the library's core is warm.
import { Destination } from '@segment/actions-core';
import { LOADERS } from '../../shared/destinations/generated/loaders.ts';

type Definition = ConstructorParameters<typeof Destination>[0];
/** A CommonJS module behind a dynamic import has its default export nested. */
const definitionIn = (module: unknown): Definition => {
  const { default: first } = module as { default: Definition | { default: Definition } };
  return 'default' in first ? first.default : first;
};

const type = process.argv[2] ?? '';
const startedAt = performance.now();
const definition = definitionIn(await LOADERS[type]?.());
const destination = new Destination({ ...definition, name: `d-${type}` });
process.stdout.write(`${performance.now() - startedAt} ${Object.keys(destination.definition.actions).length}\n`);
