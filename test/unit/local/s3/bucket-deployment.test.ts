import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bucketDeploymentProvider } from '../../../../local/s3/bucket-deployment.ts';
import { s3Service } from '../../../../local/s3/s3-service.ts';
import type { Clock } from '../../../../local/types.ts';

const directory = mkdtempSync(join(tmpdir(), 'tributary-deployment-'));
const clock: Clock = { now: () => 0, after: () => () => undefined };
const s3 = s3Service({ directory: join(directory, 's3'), clock });
const deployment = bucketDeploymentProvider({
  filesOf: s3.filesOf,
  assetPath: (key) => join(directory, key),
  clock,
});

beforeAll(async () => {
  await s3.providers
    .find(({ type }) => type === 'AWS::S3::Bucket')
    ?.create({ stackName: 'Web', logicalId: 'B', physicalName: 'b', properties: { BucketName: 'files' } });
  for (const [asset, name, text] of [
    ['page', 'index.html', '<p>M0 {"a":"M1"}</p>'],
    ['config', 'config.json', '{"url":"M0/x","again":"M0","name":"M1"}'],
  ] as const) {
    mkdirSync(join(directory, asset));
    writeFileSync(join(directory, asset, name), text);
  }
});
afterAll(async () => {
  await s3.close();
  rmSync(directory, { recursive: true });
});

const deploy = (more: object) =>
  deployment.create({
    stackName: 'Web',
    logicalId: 'D',
    physicalName: 'd',
    properties: {
      ServiceToken: 'arn',
      DestinationBucketName: 'files',
      SourceBucketNames: ['assets', 'assets'],
      SourceObjectKeys: ['page', 'config'],
      Prune: false,
      RetainOnDelete: false,
      ...more,
    },
  });
const textOf = async (key: string) => {
  const request = { method: 'GET', target: `/files/${key}`, headers: {}, body: Buffer.alloc(0) };
  const { body } = await s3.call('GetObject', request, { principal: { kind: 'operator' }, requestId: '' });
  return Buffer.from(body).toString();
};

test('values of the deployment take the places of markers, in their source alone, fit for JSON where that is asked for', async () => {
  const hostile = 'say "hi"\\ $& \n';
  await deploy({
    SourceMarkers: [{}, { M0: 'https://api.example', M1: hostile }],
    SourceMarkersConfig: [{}, { jsonEscape: 'true' }],
  });
  expect(await textOf('index.html')).toBe('<p>M0 {"a":"M1"}</p>');
  expect(JSON.parse(await textOf('config.json'))).toEqual({
    url: 'https://api.example/x',
    again: 'https://api.example',
    name: hostile,
  });
});

test('without a configuration they are put there as they are', async () => {
  await deploy({ SourceMarkers: [{ M0: '"$&"' }] });
  expect([await textOf('index.html'), await textOf('config.json')]).toEqual([
    '<p>"$&" {"a":"M1"}</p>',
    '{"url":"M0/x","again":"M0","name":"M1"}',
  ]);
});

test.each([
  ['encodings of single markers', { SourceMarkersConfig: [{ markerEncodings: { M0: 'JSON_VALUE' } }] }],
  ['a value that is no text', { SourceMarkers: [{ M0: ['a'] }] }],
  ['another way to deploy', { Prune: true }],
])('%s is refused', async (_case, more) => {
  await expect(deploy(more)).rejects.toThrow('The local cloud cannot run it so');
});
