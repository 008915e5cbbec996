import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  AwsError,
  type Clock,
  LOCAL_REGION,
  type RawRequest,
  type RawResponse,
  type RawService,
  type ResourceProvider,
} from '../types.ts';
import { type BucketToCreate, bucketProviders, type ExpirationRule } from './bucket-providers.ts';
import { listObjectsV2, listObjectVersions } from './listing.ts';
import { type ObjectFiles, objectFiles, type ObjectMeta } from './object-files.ts';
import { requestBody, storedEncoding } from './request-body.ts';
import { IAM_ACTIONS, parseS3Request, type S3Operation, type S3Request } from './s3-request.ts';
import {
  element,
  noSuchBucket,
  noSuchKey,
  notImplemented,
  s3ErrorResponse,
  unescapeXml,
  xmlResponse,
} from './s3-xml.ts';

export type S3Service = RawService & {
  providers: ResourceProvider[];
  /** The objects of a bucket, for those parts of the local cloud that stand for AWS itself. One that is not in the template (any more) may still lie there. */
  filesOf(bucket: string): ObjectFiles;
  close(): Promise<void>;
};

/** S3: a key has at most 1,024 bytes of UTF-8. */
const KEY_BYTES_MAX = 1_024;
/** S3: user metadata of one object, names and values together. */
const METADATA_BYTES_MAX = 2 * 1_024;
/** S3: keys in one DeleteObjects. */
const DELETE_KEYS_MAX = 1_000;
/** How often expired objects are looked for, and how many are deleted of one bucket each time. S3 does it once a day. */
const EXPIRY_CHECK_MS = 3_600_000;
const EXPIRED_PER_CHECK_MAX = 10_000;
const DAY_MS = 86_400_000;

const STORED_HEADERS = ['content-type', 'cache-control', 'content-disposition', 'content-language', 'expires'];

type Bucket = { files: ObjectFiles; rules: ExpirationRule[] };

function storedHeaders(headers: RawRequest['headers']): Record<string, string> {
  const stored: Record<string, string> = { 'content-type': 'application/octet-stream' };
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'string') continue;
    const isMeta = name.startsWith('x-amz-meta-');
    if (isMeta) bytes += Buffer.byteLength(name.slice('x-amz-meta-'.length)) + Buffer.byteLength(value);
    if (isMeta || STORED_HEADERS.includes(name)) stored[name] = value;
  }
  if (bytes > METADATA_BYTES_MAX)
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
  const encoding = storedEncoding(headers);
  if (encoding !== undefined) stored['content-encoding'] = encoding;
  return stored;
}

const objectHeaders = (meta: ObjectMeta, requestId: string): Record<string, string> => ({
  ...meta.headers,
  etag: meta.etag,
  'last-modified': new Date(meta.lastModifiedMs).toUTCString(),
  'accept-ranges': 'bytes',
  'x-amz-request-id': requestId,
});

/** The one range of a Range header, cut to the object. A form that HTTP says to ignore gives undefined. */
function rangeOf(header: string | undefined, bytes: number): { start: number; end: number } | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (match === null) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  if (start >= bytes || (first === '' && Number(last) === 0))
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416);
  return { start, end };
}

/** Conditions of a read. Throws PreconditionFailed (412) or NotModified (304). */
function checkConditions(headers: RawRequest['headers'], meta: ObjectMeta) {
  const matches = (header: string) =>
    header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === meta.etag);
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  const lastModifiedSeconds = Math.floor(meta.lastModifiedMs / 1_000);
  const seconds = (header: string | undefined) => Math.floor(Date.parse(header ?? '') / 1_000);
  const failed = new AwsError(
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    412,
  );
  if (ifMatch !== undefined && !matches(ifMatch)) throw failed;
  if (ifMatch === undefined && lastModifiedSeconds > seconds(headers['if-unmodified-since'])) throw failed;
  const notModified = new AwsError('NotModified', 'Not Modified', 304);
  if (ifNoneMatch !== undefined && matches(ifNoneMatch)) throw notModified;
  if (ifNoneMatch === undefined && lastModifiedSeconds <= seconds(headers['if-modified-since'])) throw notModified;
}

/**
 * S3 on one machine, path style (`/bucket/key`), with the calls that the product makes. The files of a bucket lie readable under
 * `directory/BUCKET/objects/`. An answer to a write means that the bytes were synced to the disk; a disk that takes no more answers
 * InternalError (500). Buckets come from the template only and keep no older versions.
 */
export function s3Service(options: { directory: string; clock: Clock }): S3Service {
  const { directory, clock } = options;
  const buckets = new Map<string, Bucket>();

  const create = async ({ name, rules }: BucketToCreate) => {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) throw new Error(`${name} is not a valid bucket name`);
    const own = path.join(directory, name);
    await mkdir(own, { recursive: true });
    // At a start nobody is writing: what lies aside was broken off by a crash.
    if (!buckets.has(name)) await rm(path.join(own, 'aside'), { recursive: true, force: true });
    buckets.set(name, { files: buckets.get(name)?.files ?? objectFiles(own), rules });
  };

  const requireBucket = (name: string): Bucket => {
    const bucket = buckets.get(name);
    if (bucket === undefined) throw noSuchBucket(name);
    return bucket;
  };

  const putObject = async ({ files }: Bucket, { key }: S3Request, request: RawRequest, requestId: string) => {
    if (Buffer.byteLength(key) > KEY_BYTES_MAX) throw new AwsError('KeyTooLongError', 'Your key is too long');
    const condition = request.headers['if-none-match'];
    if (condition !== undefined && condition !== '*') throw notImplemented('If-None-Match other than * of PutObject');
    const { body, checksums } = requestBody(request);
    const etag = `"${createHash('md5').update(body).digest('hex')}"`;
    const meta = {
      key,
      bytes: body.length,
      etag,
      lastModifiedMs: clock.now(),
      headers: storedHeaders(request.headers),
      checksums,
    };
    if (!(await files.write(meta, body, condition === '*')))
      throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
        Condition: 'If-None-Match',
      });
    return { status: 200, headers: { etag, 'x-amz-request-id': requestId, ...checksums }, body: '' };
  };

  const getObject = async ({ files }: Bucket, { key, query }: S3Request, request: RawRequest, requestId: string) => {
    const meta = await files.head(key);
    if (meta === undefined) throw noSuchKey(key);
    checkConditions(request.headers, meta);
    const range = rangeOf(request.headers.range, meta.bytes);
    const found = await files.read(key, range);
    if (found === undefined) throw noSuchKey(key);
    const headers = objectHeaders(found.meta, requestId);
    headers['content-length'] = String(found.body.length);
    if (range !== undefined) headers['content-range'] = `bytes ${range.start}-${range.end}/${found.meta.bytes}`;
    else if (request.headers['x-amz-checksum-mode'] === 'ENABLED') Object.assign(headers, found.meta.checksums);
    for (const name of ['content-type', 'content-disposition'])
      if (query.has(`response-${name}`)) headers[name] = query.get(`response-${name}`) ?? '';
    return { status: range === undefined ? 200 : 206, headers, body: found.body };
  };

  const headObject = async ({ files }: Bucket, { key }: S3Request, request: RawRequest, requestId: string) => {
    const meta = await files.head(key);
    if (meta === undefined) throw new AwsError('NotFound', 'Not Found', 404);
    checkConditions(request.headers, meta);
    const headers = { ...objectHeaders(meta, requestId), 'content-length': String(meta.bytes) };
    if (request.headers['x-amz-checksum-mode'] === 'ENABLED') Object.assign(headers, meta.checksums);
    return { status: 200, headers, body: '' };
  };

  const deleteObjects = async ({ files }: Bucket, request: RawRequest, requestId: string) => {
    const xml = requestBody(request).body.toString();
    const objects = [...xml.matchAll(/<Object>(.*?)<\/Object>/gs)].map(([, content = '']) => ({
      key: unescapeXml(/<Key>([^<]*)<\/Key>/.exec(content)?.[1] ?? ''),
      version: /<VersionId>([^<]*)<\/VersionId>/.exec(content)?.[1],
    }));
    if (objects.length === 0 || objects.length > DELETE_KEYS_MAX)
      throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate');
    if (objects.some(({ version }) => version !== undefined && version !== 'null'))
      throw notImplemented('object versions');
    const isQuiet = /<Quiet>\s*true\s*<\/Quiet>/.test(xml);
    const members: string[] = [];
    for (const { key } of objects) {
      try {
        await files.delete(key);
        if (!isQuiet) members.push(`<Deleted>${element('Key', key)}</Deleted>`);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const reason = element('Code', error.code) + element('Message', error.message);
        members.push(`<Error>${element('Key', key)}${reason}</Error>`);
      }
    }
    return xmlResponse('DeleteResult', members, requestId);
  };

  const filesOf = (name: string): ObjectFiles => buckets.get(name)?.files ?? objectFiles(path.join(directory, name));

  /** Refuses a bucket that is not empty, as S3 does. */
  const deleteBucket = async (name: string) => {
    const files = filesOf(name);
    const first = await files.keys('', '').next();
    if (first.done !== true)
      throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, { BucketName: name });
    buckets.delete(name);
    await rm(path.join(directory, name), { recursive: true, force: true });
  };

  type Handler = (bucket: Bucket, parsed: S3Request, request: RawRequest, requestId: string) => Promise<RawResponse>;
  const noContent = (requestId: string) => ({ status: 204, headers: { 'x-amz-request-id': requestId }, body: '' });
  const handlers: Record<S3Operation, Handler> = {
    PutObject: putObject,
    GetObject: getObject,
    HeadObject: headObject,
    DeleteObject: async ({ files }, { key }, _request, requestId) => {
      await files.delete(key);
      return noContent(requestId);
    },
    DeleteObjects: (bucket, _parsed, request, requestId) => deleteObjects(bucket, request, requestId),
    ListObjectsV2: ({ files }, parsed, _request, requestId) => listObjectsV2(files, parsed, requestId),
    ListObjectVersions: ({ files }, parsed, _request, requestId) => listObjectVersions(files, parsed, requestId),
    HeadBucket: (_bucket, _parsed, _request, requestId) =>
      Promise.resolve({
        status: 200,
        headers: { 'x-amz-bucket-region': LOCAL_REGION, 'x-amz-request-id': requestId },
        body: '',
      }),
    DeleteBucket: async (_bucket, parsed, _request, requestId) => {
      await deleteBucket(parsed.bucket);
      return noContent(requestId);
    },
  };

  /** S3 counts an object's days from the midnight (UTC) after it was written. */
  const isExpired = (meta: ObjectMeta, { prefix, days }: ExpirationRule) =>
    meta.key.startsWith(prefix) && clock.now() >= (Math.floor(meta.lastModifiedMs / DAY_MS) + 1 + days) * DAY_MS;

  const expire = async ({ files, rules }: Bucket) => {
    let deleted = 0;
    for (const rule of rules)
      for await (const key of files.keys(rule.prefix, '')) {
        const meta = await files.head(key);
        if (meta === undefined || !isExpired(meta, rule)) continue;
        await files.delete(key);
        deleted += 1;
        if (deleted >= EXPIRED_PER_CHECK_MAX) return;
      }
  };

  let expiring: Promise<void> = Promise.resolve();
  let isClosed = false;
  let cancel: () => void = () => undefined;
  const expireRegularly = () => {
    cancel = clock.after(EXPIRY_CHECK_MS, () => {
      const all = [...buckets.values()].map((bucket) => expire(bucket).catch(() => undefined)); // The next check makes it good.
      expiring = Promise.all(all).then(() => {
        if (!isClosed) expireRegularly();
      });
    });
  };
  expireRegularly();

  return {
    name: 's3',
    providers: bucketProviders({ create, remove: deleteBucket }, LOCAL_REGION),
    filesOf,
    identify: (request) => {
      const { operation, bucket, key } = parseS3Request(request);
      const { action, isOfObject } = IAM_ACTIONS[operation];
      const named = operation === 'DeleteObjects' ? '*' : key;
      return { operation: action, resource: `arn:aws:s3:::${bucket}${isOfObject ? `/${named}` : ''}` };
    },
    call: async (_operation, request, { requestId }) => {
      try {
        const parsed = parseS3Request(request);
        return await handlers[parsed.operation](requireBucket(parsed.bucket), parsed, request, requestId);
      } catch (error) {
        const known =
          error instanceof AwsError
            ? error
            : new AwsError(
                'InternalError',
                `The local S3 failed: ${error instanceof Error ? error.message : String(error)}`,
                500,
              );
        return s3ErrorResponse(known, request.method, requestId);
      }
    },
    close: async () => {
      isClosed = true;
      cancel();
      await expiring;
    },
  };
}
