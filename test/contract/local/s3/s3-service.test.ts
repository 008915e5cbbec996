import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import {
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { manualClock } from '../../../../local/clock.ts';
import { type S3Service, s3Service } from '../../../../local/s3/s3-service.ts';
import type { RawRequest } from '../../../../local/types.ts';
import { awsEndpoint } from '../../../builders/aws-endpoint.ts';

const START_MS = Date.parse('2026-11-21T12:00:00.500Z');
const DAY_MS = 86_400_000;
const Bucket = 'archive';

let directory: string;
let clock: ReturnType<typeof manualClock>;
let service: S3Service;
let endpoint: Awaited<ReturnType<typeof awsEndpoint>>;
let client: S3Client;

const create = (properties: Record<string, unknown> = {}) => {
  const [provider] = service.providers;
  if (provider === undefined) throw new Error('There is no provider');
  return provider.create({ stackName: 'Data', logicalId: 'Archive', physicalName: Bucket, properties });
};
const start = async () => {
  service = s3Service({ directory, clock });
  await create();
  endpoint = await awsEndpoint(service);
  client = new S3Client({ ...endpoint.clientConfig, forcePathStyle: true, maxAttempts: 1 });
};
const stop = async () => {
  client.destroy();
  await endpoint.close();
  await service.close();
};
const put = (Key: string, Body: string | Buffer = Key) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength: Buffer.byteLength(Body) }));
const get = async (Key: string) => {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return await Body?.transformToString();
};
const keys = async (input: { Prefix?: string; StartAfter?: string } = {}) => {
  const found: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, ...input }))
    found.push(...Contents.map(({ Key = '' }) => Key));
  return found;
};
const failure = async (call: Promise<unknown>) => {
  try {
    await call;
  } catch (error) {
    if (error instanceof S3ServiceException) return { name: error.name, status: error.$metadata.httpStatusCode };
    throw error;
  }
  return 'no failure';
};

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'tributary-s3-'));
  clock = manualClock(START_MS);
  await start();
});
afterEach(async () => {
  await stop();
  await rm(directory, { recursive: true });
});

describe('objects', () => {
  test('what is put comes back with its headers and metadata, over a restart too', async () => {
    const Key = 'source=s1/day=2026-11-21/hour=12/part.ndjson.gz';
    const { ETag } = await client.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body: Buffer.from([0, 1, 255]),
        ContentType: 'application/x-ndjson',
        ContentEncoding: 'gzip',
        Metadata: { events: '3' },
      }),
    );
    expect(ETag).toBe(
      `"${createHash('md5')
        .update(Buffer.from([0, 1, 255]))
        .digest('hex')}"`,
    );
    await stop();
    await start();
    const got = await client.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
    const { $metadata: _metadata, Body, ...rest } = got;
    expect(Buffer.from((await Body?.transformToByteArray()) ?? [])).toEqual(Buffer.from([0, 1, 255]));
    expect(rest).toMatchObject({
      ETag,
      ContentLength: 3,
      ContentType: 'application/x-ndjson',
      ContentEncoding: 'gzip',
      Metadata: { events: '3' },
      LastModified: new Date(Math.floor(START_MS / 1_000) * 1_000),
    });
    await expect(client.send(new HeadObjectCommand({ Bucket, Key }))).resolves.toMatchObject({
      ETag,
      ContentLength: 3,
    });
  });

  test('a body of unknown length, sent in chunks with a checksum behind it, is stored without the frame', async () => {
    const parts = ['first ', 'second ', 'é'.repeat(70_000)];
    const text = parts.join('');
    const ContentLength = Buffer.byteLength(text);
    await client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'streamed',
        Body: Readable.from(parts.map((part) => Buffer.from(part))),
        ContentLength,
      }),
    );
    await expect(get('streamed')).resolves.toBe(text);
    const { ContentEncoding } = await client.send(new HeadObjectCommand({ Bucket, Key: 'streamed' }));
    expect(ContentEncoding).toBeUndefined();
  });

  test('of several puts with If-None-Match: * one is taken, and a put without it replaces', async () => {
    const once = (Body: string) =>
      failure(client.send(new PutObjectCommand({ Bucket, Key: 'k', Body, IfNoneMatch: '*' })));
    const outcomes = await Promise.all(['a', 'b', 'c', 'd'].map(once));
    expect(outcomes.filter((outcome) => outcome === 'no failure')).toHaveLength(1);
    expect(outcomes).toContainEqual({ name: 'PreconditionFailed', status: 412 });
    await put('k', 'replaced');
    await expect(get('k')).resolves.toBe('replaced');
    const files = await readdir(path.join(directory, Bucket, 'objects'));
    expect(files).toHaveLength(1);
  });

  test.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=5-500', '56789', 'bytes 5-9/10'],
  ])('the range %s is %s', async (Range, text, ContentRange) => {
    await put('digits', '0123456789');
    const { Body, ...got } = await client.send(new GetObjectCommand({ Bucket, Key: 'digits', Range }));
    await expect(Body?.transformToString()).resolves.toBe(text);
    expect(got).toMatchObject({ ContentRange, ContentLength: text.length });
  });

  test('an empty object is an object', async () => {
    await put('empty', '');
    await expect(get('empty')).resolves.toBe('');
  });

  test.each([
    ['a key that is not there', () => new GetObjectCommand({ Bucket, Key: 'no' }), 'NoSuchKey', 404],
    ['a head of a key that is not there', () => new HeadObjectCommand({ Bucket, Key: 'no' }), 'NotFound', 404],
    ['a bucket that is not there', () => new GetObjectCommand({ Bucket: 'none', Key: 'k' }), 'NoSuchBucket', 404],
    [
      'a range behind the end',
      () => new GetObjectCommand({ Bucket, Key: 'here', Range: 'bytes=9-' }),
      'InvalidRange',
      416,
    ],
    [
      'a key of 1,025 bytes',
      () => new PutObjectCommand({ Bucket, Key: 'é'.repeat(513), Body: 'x' }),
      'KeyTooLongError',
      400,
    ],
    [
      'a wrong MD5',
      () => new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' }),
      'BadDigest',
      400,
    ],
    [
      'a wrong checksum',
      () => new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ChecksumCRC32: 'AAAAAA==' }),
      'BadDigest',
      400,
    ],
    [
      'tags, which would pass for a plain write',
      () => new PutObjectTaggingCommand({ Bucket, Key: 'here', Tagging: { TagSet: [] } }),
      'NotImplemented',
      501,
    ],
    [
      'tags in a header',
      () => new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', Tagging: 'a=b' }),
      'NotImplemented',
      501,
    ],
  ] as const)('%s fails by name', async (_case, command, name, status) => {
    await put('here', 'here');
    await expect(failure(client.send(command() as GetObjectCommand))).resolves.toEqual({ name, status });
    await expect(keys()).resolves.toEqual(['here']);
    await expect(get('here')).resolves.toBe('here');
  });

  test('an object is whole at every moment while it is overwritten', async () => {
    const versions = Array.from({ length: 30 }, (_, index) => String(index).repeat(2_000));
    await put('k', versions[0]);
    const writing = new Set(['writer']);
    const seen: (string | undefined)[] = [];
    const reader = async () => {
      while (writing.size > 0) seen.push(await get('k'));
    };
    const writer = async () => {
      for (const version of versions) await put('k', version);
      writing.clear();
    };
    await Promise.all([reader(), reader(), writer()]);
    expect(seen.filter((text) => text === undefined || !versions.includes(text))).toEqual([]);
  });

  test('a disk that refuses to be written answers 500, and what was there stays', async () => {
    await put('k', 'before');
    const aside = path.join(directory, Bucket, 'aside');
    await rm(aside, { recursive: true });
    await writeFile(aside, 'a file where the directory for half-written files should be');
    await expect(failure(put('k', 'after'))).resolves.toEqual({ name: 'InternalError', status: 500 });
    await expect(failure(put('new'))).resolves.toEqual({ name: 'InternalError', status: 500 });
    await expect(get('k')).resolves.toBe('before');
    await expect(keys()).resolves.toEqual(['k']);
    await rm(aside);
    await put('k', 'after');
    await expect(get('k')).resolves.toBe('after');
  });

  test('objects lie in readable files by their key, for other tools', async () => {
    await put('source=s1/day=2026-11-21/part.ndjson.gz', 'bytes');
    const file = path.join(directory, Bucket, 'objects/source=s1/day=2026-11-21/part.ndjson.gz');
    await expect(readFile(file, 'utf8')).resolves.toBe('bytes');
  });
});

describe('keys', () => {
  const strange = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.string({
        minLength: 1,
        maxLength: 12,
        unit: fc.constantFrom('a', 'B', 'b', '/', '.', '-', '%', 'é', '😀', ' ', '+', '\\', '&', '<', '"'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '..',
        '../../up',
        './x',
        'a/../b',
        '/',
        '//',
        'a//',
        'a',
        'a/b',
        'a/b/c',
        'a.b',
        'a.b/c',
        'CON',
        'x'.repeat(400),
        `${'é'.repeat(100)}/y`,
      ),
    },
  );
  const byUtf8 = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

  test('any keys live side by side, are listed in the order of their UTF-8, page by page, and leave nothing when deleted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(strange, { minLength: 1, maxLength: 12 }), strange, async (all, prefix) => {
        for (const left of await keys()) await client.send(new DeleteObjectCommand({ Bucket, Key: left })); // Of a run that failed.
        for (const key of all) await put(key);
        const listed = async (Prefix: string, MaxKeys: number) => {
          const found: (string | undefined)[] = [];
          for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix, MaxKeys }))
            found.push(...Contents.map(({ Key }) => Key));
          return found;
        };
        await expect(listed('', 5)).resolves.toEqual(all.toSorted(byUtf8));
        const start = Array.from(prefix).slice(0, 2).join('');
        await expect(listed(start, 3)).resolves.toEqual(all.filter((key) => key.startsWith(start)).toSorted(byUtf8));
        await expect(Promise.all(all.map(get))).resolves.toEqual(all);
        const { Deleted, Errors } = await client.send(
          new DeleteObjectsCommand({ Bucket, Delete: { Objects: all.map((Key) => ({ Key })) } }),
        );
        expect([Deleted?.map(({ Key }) => Key), Errors]).toEqual([all, undefined]);
        await expect(readdir(path.join(directory, Bucket, 'meta'))).resolves.toEqual([]);
        await expect(readdir(path.join(directory, Bucket, 'objects'))).resolves.toEqual([]);
      }),
      { numRuns: 30 },
    );
    await expect(readdir(directory)).resolves.toEqual([Bucket]);
  }, 30_000);

  test('with a delimiter, keys below it are one common prefix each, and pages count both', async () => {
    const all = ['a', 'b-1', 'b/1', 'b/2', 'b0', 'c/d/1', 'c/d/2', 'e'];
    for (const key of all) await put(key);
    const page = async (input: { Prefix?: string; ContinuationToken?: string; MaxKeys?: number }) => {
      const {
        Contents = [],
        CommonPrefixes = [],
        NextContinuationToken,
        KeyCount,
      } = await client.send(new ListObjectsV2Command({ Bucket, Delimiter: '/', ...input }));
      return {
        keys: Contents.map(({ Key }) => Key),
        prefixes: CommonPrefixes.map(({ Prefix }) => Prefix),
        NextContinuationToken,
        KeyCount,
      };
    };
    await expect(page({})).resolves.toEqual({
      keys: ['a', 'b-1', 'b0', 'e'],
      prefixes: ['b/', 'c/'],
      NextContinuationToken: undefined,
      KeyCount: 6,
    });
    await expect(page({ Prefix: 'c/' })).resolves.toMatchObject({ keys: [], prefixes: ['c/d/'] });
    const first = await page({ MaxKeys: 3 });
    expect(first).toMatchObject({ keys: ['a', 'b-1'], prefixes: ['b/'], KeyCount: 3 });
    await expect(page({ MaxKeys: 3, ContinuationToken: first.NextContinuationToken })).resolves.toEqual({
      keys: ['b0', 'e'],
      prefixes: ['c/'],
      NextContinuationToken: undefined,
      KeyCount: 3,
    });
  });

  test('a listing can start behind a key', async () => {
    for (const key of ['a', 'a/1', 'a/2', 'b']) await put(key);
    await expect(keys({ StartAfter: 'a/1' })).resolves.toEqual(['a/2', 'b']);
  });

  test('versions are the one that is there, and deleting twice is no error', async () => {
    await put('k');
    const { Versions } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions).toMatchObject([{ Key: 'k', VersionId: 'null', IsLatest: true, Size: 1 }]);
    for (let time = 0; time < 2; time += 1) await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    await expect(keys()).resolves.toEqual([]);
  });
});

describe('buckets', () => {
  test('a bucket answers HEAD, is not deleted with objects in it, and is gone when deleted empty', async () => {
    await put('k');
    await client.send(new HeadBucketCommand({ Bucket }));
    const deletion = () => client.send(new DeleteBucketCommand({ Bucket }));
    await expect(failure(deletion())).resolves.toEqual({ name: 'BucketNotEmpty', status: 409 });
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    await deletion();
    await expect(failure(client.send(new HeadBucketCommand({ Bucket })))).resolves.toEqual({
      name: 'NotFound',
      status: 404,
    });
    await expect(stat(path.join(directory, Bucket))).rejects.toThrow('ENOENT');
  });

  test('objects are deleted so many days after the midnight that follows them (S3: lifecycle), by prefix', async () => {
    const rule = (more: object) => ({ LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ...more }] } });
    await create(rule({ ExpirationInDays: 2, Prefix: 'old/' }));
    await put('old/k');
    await put('new/k');
    const passMs = async (ms: number) => {
      clock.advance(ms);
      await stop(); // Waits for the deletions that the clock has begun.
      await start();
      await create(rule({ ExpirationInDays: 2, Prefix: 'old/' }));
    };
    await passMs(2 * DAY_MS);
    await passMs(3_600_000);
    await expect(keys()).resolves.toEqual(['new/k', 'old/k']);
    await passMs(DAY_MS / 2);
    await passMs(3_600_000);
    await expect(keys()).resolves.toEqual(['new/k']);
  });

  test.each([
    ['Transitions', { Rules: [{ Status: 'Enabled', Transitions: [] }] }],
    ['TagFilters', { Rules: [{ Status: 'Enabled', TagFilters: [], ExpirationInDays: 1 }] }],
  ])(
    'a lifecycle rule with %s is an error that names resource and property',
    async (property, LifecycleConfiguration) => {
      await expect(create({ LifecycleConfiguration })).rejects.toThrow(
        new RegExp(`Data/Archive \\(AWS::S3::Bucket\\)[^]*${property}`),
      );
    },
  );

  test('what CloudFormation knows of a bucket', async () => {
    await expect(create()).resolves.toEqual({
      ref: Bucket,
      attributes: {
        Arn: 'arn:aws:s3:::archive',
        DomainName: 'archive.s3.amazonaws.com',
        RegionalDomainName: 'archive.s3.us-east-1.amazonaws.com',
      },
    });
  });
});

describe('what a call is called in a policy', () => {
  const request = (method: string, target: string): RawRequest => ({
    method,
    target,
    headers: {},
    body: Buffer.alloc(0),
  });
  test.each([
    ['PUT', '/archive/a%20b/c?x-id=PutObject', 'PutObject', 'arn:aws:s3:::archive/a b/c'],
    ['HEAD', '/archive/a', 'GetObject', 'arn:aws:s3:::archive/a'],
    ['GET', '/archive?list-type=2&prefix=a', 'ListBucket', 'arn:aws:s3:::archive'],
    ['GET', '/archive/?list-type=2', 'ListBucket', 'arn:aws:s3:::archive'],
    ['POST', '/archive/?delete', 'DeleteObject', 'arn:aws:s3:::archive/*'],
  ])('%s %s is %s on %s', (method, target, operation, resource) => {
    expect(service.identify(request(method, target))).toEqual({ operation, resource });
  });
  test.each([
    ['GET', '/', 'GET of a bucket'],
    ['PUT', '/archive', 'PUT of a bucket'],
    ['GET', '/archive/k?acl', 'the parameter acl of GetObject'],
    ['POST', '/archive/k?uploads', 'POST of an object?uploads'],
  ])('%s %s is not implemented, by name', (method, target, name) => {
    expect(() => service.identify(request(method, target))).toThrow(`The local cloud does not have ${name} of S3`);
  });
});
