import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAssembly } from '../../../../local/template/assembly.ts';
import { anAssembly } from '../../../builders/assembly.ts';

const empty = { Resources: {} };

test('stacks come in the order of their dependencies, and assets are found by their key', () => {
  const directory = anAssembly(
    [
      { name: 'Control', template: empty, after: ['Delivery', 'Data'] },
      { name: 'Delivery', template: empty, after: ['Data'] },
      { name: 'Data', template: empty },
    ],
    { route: 'export const handler = () => 1;' },
  );
  const assembly = readAssembly(directory);
  expect(assembly.stacks.map(({ stackName }) => stackName)).toEqual(['Data', 'Delivery', 'Control']);
  expect(assembly.assetPath('route.zip')).toBe(join(directory, 'asset.route'));
  expect(assembly.assetPath('other.zip')).toBeUndefined();
});

test('stacks that wait for each other are refused with the circle', () => {
  const directory = anAssembly([
    { name: 'A', template: empty, after: ['B'] },
    { name: 'B', template: empty, after: ['A'] },
  ]);
  expect(() => readAssembly(directory)).toThrow('Circular dependency: A -> B -> A');
});

test('what is missing, malformed or nested is refused by name', () => {
  expect(() => readAssembly('/nowhere')).toThrow('/nowhere/manifest.json cannot be read');
  const directory = anAssembly([{ name: 'A', template: { Resources: { X: { Type: 1 } } } }]);
  expect(() => readAssembly(directory)).toThrow('Resources.X.Type');
  const nested = { artifacts: { Stage: { type: 'cdk:cloud-assembly', properties: {} } } };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(nested));
  expect(() => readAssembly(directory)).toThrow('not nested assemblies');
});
