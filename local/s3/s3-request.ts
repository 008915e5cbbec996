import type { RawRequest } from '../types.ts';
import { invalidArgument, notImplemented } from './s3-xml.ts';

export type S3Operation =
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'DeleteObjects'
  | 'ListObjectsV2'
  | 'ListObjectVersions'
  | 'HeadBucket'
  | 'DeleteBucket';

export type S3Request = { operation: S3Operation; bucket: string; key: string; query: URLSearchParams };

/** What each operation is called in a policy, and whether it concerns an object or the bucket. */
export const IAM_ACTIONS: Record<S3Operation, { action: string; isOfObject: boolean }> = {
  PutObject: { action: 'PutObject', isOfObject: true },
  GetObject: { action: 'GetObject', isOfObject: true },
  HeadObject: { action: 'GetObject', isOfObject: true },
  DeleteObject: { action: 'DeleteObject', isOfObject: true },
  DeleteObjects: { action: 'DeleteObject', isOfObject: true },
  ListObjectsV2: { action: 'ListBucket', isOfObject: false },
  ListObjectVersions: { action: 'ListBucketVersions', isOfObject: false },
  HeadBucket: { action: 'ListBucket', isOfObject: false },
  DeleteBucket: { action: 'DeleteBucket', isOfObject: false },
};

/** Query parameters that each operation honours. Any other names a sub-resource or an option that is not here. */
const QUERY: Record<S3Operation, readonly string[]> = {
  PutObject: [],
  GetObject: ['versionId', 'response-content-type', 'response-content-disposition'],
  HeadObject: ['versionId'],
  DeleteObject: ['versionId'],
  DeleteObjects: ['delete'],
  ListObjectsV2: [
    'list-type',
    'prefix',
    'delimiter',
    'continuation-token',
    'max-keys',
    'start-after',
    'encoding-type',
    'fetch-owner',
  ],
  ListObjectVersions: [
    'versions',
    'prefix',
    'delimiter',
    'key-marker',
    'version-id-marker',
    'max-keys',
    'encoding-type',
  ],
  HeadBucket: [],
  DeleteBucket: [],
};

/** `x-amz-…` headers that are honoured, or that change nothing on one machine (encryption at rest, storage class). */
const KNOWN_HEADERS =
  /^x-amz-(content-sha256|date|security-token|user-agent|trailer|decoded-content-length|sdk-checksum-algorithm|checksum-[a-z0-9-]+|meta-.+|server-side-encryption.*|storage-class|acl|expected-bucket-owner)$/;
/** Conditions of HTTP that PutObject and DeleteObject would have to honour and do not. */
const REFUSED_ON_WRITE = ['if-match', 'if-modified-since', 'if-unmodified-since'];

function operationOf(method: string, key: string, query: URLSearchParams): S3Operation | undefined {
  if (key !== '') {
    const ofObject: Record<string, S3Operation> = {
      PUT: 'PutObject',
      GET: 'GetObject',
      HEAD: 'HeadObject',
      DELETE: 'DeleteObject',
    };
    return ofObject[method];
  }
  if (method === 'POST' && query.has('delete')) return 'DeleteObjects';
  if (method === 'GET' && query.get('list-type') === '2') return 'ListObjectsV2';
  if (method === 'GET' && query.has('versions')) return 'ListObjectVersions';
  if (method === 'HEAD') return 'HeadBucket';
  if (method === 'DELETE') return 'DeleteBucket';
  return undefined;
}

/** Reads a path-style request. Whatever is not fully honoured is NotImplemented, by name: a sub-resource never passes for a plain call. */
export function parseS3Request({ method, target, headers }: RawRequest): S3Request {
  const mark = target.indexOf('?');
  const encodedPath = mark < 0 ? target : target.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1));
  query.delete('x-id'); // The SDK's note of the operation's name, for readers of logs.
  const slash = encodedPath.indexOf('/', 1);
  let bucket: string;
  let key: string;
  try {
    bucket = decodeURIComponent(slash < 0 ? encodedPath.slice(1) : encodedPath.slice(1, slash));
    key = slash < 0 ? '' : decodeURIComponent(encodedPath.slice(slash + 1));
  } catch {
    throw invalidArgument('The path is not valid percent-encoding');
  }
  const operation = bucket === '' ? undefined : operationOf(method, key, query);
  if (operation === undefined) {
    const named = [...query.keys()].map((name) => `?${name}`).join('');
    throw notImplemented(`${method} of ${key === '' ? 'a bucket' : 'an object'}${named}`);
  }
  const unknownName = [...query.keys()].find((name) => !QUERY[operation].includes(name));
  if (unknownName !== undefined) throw notImplemented(`the parameter ${unknownName} of ${operation}`);
  const version = query.get('versionId');
  if (version !== null && version !== 'null') throw notImplemented('object versions');
  const isWrite = operation === 'PutObject' || operation === 'DeleteObject';
  const unknownHeader = Object.keys(headers).find(
    (name) => (name.startsWith('x-amz-') && !KNOWN_HEADERS.test(name)) || (isWrite && REFUSED_ON_WRITE.includes(name)),
  );
  if (unknownHeader !== undefined) throw notImplemented(`the header ${unknownHeader} of ${operation}`);
  return { operation, bucket, key, query };
}
