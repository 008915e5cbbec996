import { AwsError, type RawResponse } from '../types.ts';
import type { ObjectFiles, ObjectMeta } from './object-files.ts';
import { element, invalidArgument, xmlResponse } from './s3-xml.ts';
import type { S3Request } from './s3-request.ts';

/** S3: keys and common prefixes in one page. */
const PAGE_MAX = 1_000;
/** Behind every key that starts with what comes before it. */
const LAST = '\u{10ffff}';

type Page = { objects: ObjectMeta[]; prefixes: string[]; next: string | undefined };

/** One page in key order. Keys that share the part up to the delimiter behind the prefix count once, as a common prefix. */
async function listPage(
  files: ObjectFiles,
  options: { prefix: string; delimiter: string; after: string; max: number },
): Promise<Page> {
  const { prefix, delimiter, max } = options;
  const page: Page = { objects: [], prefixes: [], next: undefined };
  let after = options.after;
  // Ends by itself: every round of the outer loop takes one common prefix, at most `max` of them.
  for (;;) {
    let isCut = false;
    for await (const key of files.keys(prefix, after)) {
      if (page.objects.length + page.prefixes.length >= max) return { ...page, next: after };
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      if (end >= 0) {
        const common = key.slice(0, end + delimiter.length);
        page.prefixes.push(common);
        after = common + LAST;
        isCut = true;
        break;
      }
      after = key;
      const meta = await files.head(key);
      if (meta !== undefined) page.objects.push(meta);
    }
    if (!isCut) return page;
  }
}

function pageSize(query: URLSearchParams): number {
  const text = query.get('max-keys');
  if (text === null) return PAGE_MAX;
  if (!/^\d{1,9}$/.test(text)) throw invalidArgument('Provided max-keys not an integer or within integer range');
  return Math.min(Number(text), PAGE_MAX);
}

const iso = (ms: number) => new Date(ms).toISOString();

/** How keys are written: as they are, or percent-encoded if the client asked for that. */
function keyWriter(query: URLSearchParams): (key: string) => string {
  const encoding = query.get('encoding-type');
  if (encoding === null) return (key) => key;
  if (encoding !== 'url') throw invalidArgument('Invalid Encoding Method specified in Request');
  return (key) => encodeURIComponent(key).replaceAll('%2F', '/');
}

const commonPrefixes = (prefixes: readonly string[], write: (key: string) => string) =>
  prefixes.map((prefix) => `<CommonPrefixes>${element('Prefix', write(prefix))}</CommonPrefixes>`);

const encodeToken = (after: string) => Buffer.from(after).toString('base64url');

function decodeToken(token: string): string {
  const after = Buffer.from(token, 'base64url').toString();
  if (encodeToken(after) !== token) throw invalidArgument('The continuation token provided is incorrect');
  return after;
}

export async function listObjectsV2(files: ObjectFiles, request: S3Request, requestId: string): Promise<RawResponse> {
  const { bucket, query } = request;
  const write = keyWriter(query);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after') ?? '';
  const max = pageSize(query);
  const after = token === null ? startAfter : decodeToken(token);
  const page =
    max === 0
      ? { objects: [], prefixes: [], next: undefined }
      : await listPage(files, { prefix, delimiter, after, max });
  return xmlResponse(
    'ListBucketResult',
    [
      element('Name', bucket),
      element('Prefix', write(prefix)),
      element('Delimiter', delimiter === '' ? undefined : write(delimiter)),
      element('MaxKeys', max),
      element('EncodingType', query.get('encoding-type') ?? undefined),
      element('KeyCount', page.objects.length + page.prefixes.length),
      element('ContinuationToken', token ?? undefined),
      element('StartAfter', startAfter === '' ? undefined : write(startAfter)),
      element('IsTruncated', page.next !== undefined),
      element('NextContinuationToken', page.next === undefined ? undefined : encodeToken(page.next)),
      ...page.objects.map(
        (meta) =>
          `<Contents>${element('Key', write(meta.key))}${element('LastModified', iso(meta.lastModifiedMs))}` +
          `${element('ETag', meta.etag)}${element('Size', meta.bytes)}<StorageClass>STANDARD</StorageClass></Contents>`,
      ),
      ...commonPrefixes(page.prefixes, write),
    ],
    requestId,
  );
}

/** Buckets here keep no older versions: every object is its only and latest version, `null`. */
export async function listObjectVersions(
  files: ObjectFiles,
  request: S3Request,
  requestId: string,
): Promise<RawResponse> {
  const { bucket, query } = request;
  const write = keyWriter(query);
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const marker = query.get('key-marker') ?? '';
  const max = pageSize(query);
  if (max === 0) throw new AwsError('InvalidArgument', 'max-keys must be at least 1');
  const page = await listPage(files, { prefix, delimiter, after: marker, max });
  return xmlResponse(
    'ListVersionsResult',
    [
      element('Name', bucket),
      element('Prefix', write(prefix)),
      element('KeyMarker', write(marker)),
      element('MaxKeys', max),
      element('Delimiter', delimiter === '' ? undefined : write(delimiter)),
      element('EncodingType', query.get('encoding-type') ?? undefined),
      element('IsTruncated', page.next !== undefined),
      element('NextKeyMarker', page.next === undefined ? undefined : write(page.next)),
      element('NextVersionIdMarker', page.next === undefined ? undefined : 'null'),
      ...page.objects.map(
        (meta) =>
          `<Version>${element('Key', write(meta.key))}<VersionId>null</VersionId><IsLatest>true</IsLatest>` +
          `${element('LastModified', iso(meta.lastModifiedMs))}${element('ETag', meta.etag)}` +
          `${element('Size', meta.bytes)}<StorageClass>STANDARD</StorageClass></Version>`,
      ),
      ...commonPrefixes(page.prefixes, write),
    ],
    requestId,
  );
}
