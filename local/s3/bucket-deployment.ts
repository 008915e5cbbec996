import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { Clock, ResourceProvider } from '../types.ts';
import type { ObjectFiles } from './object-files.ts';

const Properties = z.strictObject({
  DestinationBucketName: z.string(),
  SourceBucketNames: z.array(z.string()),
  SourceObjectKeys: z.array(z.string()).min(1),
  /** Another way to deploy is not done here: files of earlier ones stay, and go with the stack. */
  Prune: z.literal(false),
  RetainOnDelete: z.literal(false),
  SourceMarkers: z.array(z.record(z.string(), z.string())).default([]),
  SourceMarkersConfig: z
    .array(z.strictObject({ jsonEscape: z.union([z.boolean(), z.stringbool()]).optional() }))
    .default([]),
  SystemMetadata: z.strictObject({ 'cache-control': z.string().optional() }).default({}),
});

/** By the ending of a name, as the AWS CLI guesses them. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.woff2': 'font/woff2',
};

/**
 * `Custom::CDKBucketDeployment`, the CDK's own custom resource, without the function that does it on AWS: copies the files of an asset into a bucket.
 * What is there already, byte for byte, is left.
 */
export const bucketDeploymentProvider = (deps: {
  filesOf: (bucket: string) => ObjectFiles;
  /** Where an asset lies: a directory. */
  assetPath: (objectKey: string) => string | undefined;
  clock: Clock;
}): ResourceProvider => ({
  type: 'Custom::CDKBucketDeployment',
  honoured: Object.keys(Properties.shape),
  // The function is not run; there is no copy at an edge to be told.
  ignored: ['ServiceToken', 'WaitForDistributionInvalidation', 'OutputObjectKeys'],
  create: async ({ properties: given }) => {
    const { ServiceToken: _, WaitForDistributionInvalidation: __, OutputObjectKeys: ___, ...rest } = given;
    const parsed = Properties.safeParse(rest);
    if (!parsed.success) throw new Error(`The local cloud cannot run it so: ${z.prettifyError(parsed.error)}`);
    const { DestinationBucketName: bucket, SourceObjectKeys, SystemMetadata } = parsed.data;
    const { SourceMarkers, SourceMarkersConfig } = parsed.data;
    const files = deps.filesOf(bucket);
    for (const [at, objectKey] of SourceObjectKeys.entries()) {
      const directory = deps.assetPath(objectKey);
      if (directory === undefined || !(await stat(directory)).isDirectory()) {
        throw new Error(`${objectKey} is not a directory among the assets of the assembly.`);
      }
      for (const file of await filesUnder(directory)) {
        const key = path.relative(directory, file).split(path.sep).join('/');
        const body = withValues(
          await readFile(file),
          SourceMarkers[at] ?? {},
          SourceMarkersConfig[at]?.jsonEscape ?? false,
        );
        await put(files, key, body, SystemMetadata, deps.clock.now());
      }
    }
    // By what is to be emptied: that is all that the removal must know.
    return { ref: bucket, attributes: { DestinationBucketArn: `arn:aws:s3:::${bucket}` } };
  },
  remove: async ({ ref }) => {
    const files = deps.filesOf(ref);
    const keys: string[] = [];
    for await (const key of files.keys('', '')) keys.push(key);
    for (const key of keys) await files.delete(key);
  },
});

/** Puts the values of the deployment in the places of their markers; `isJson`: within the quotes of a JSON text. */
function withValues(body: Buffer, markers: Readonly<Record<string, string>>, isJson: boolean): Buffer {
  const entries = Object.entries(markers);
  if (entries.length === 0) return body;
  const put = (text: string, [marker, value]: [string, string]): string =>
    text.replaceAll(marker, () => (isJson ? JSON.stringify(value).slice(1, -1) : value));
  return Buffer.from(entries.reduce(put, body.toString('utf8')));
}

async function filesUnder(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

async function put(
  files: ObjectFiles,
  key: string,
  body: Buffer,
  metadata: Readonly<Record<string, string>>,
  nowMs: number,
): Promise<void> {
  const etag = `"${createHash('md5').update(body).digest('hex')}"`;
  const headers = {
    'content-type': CONTENT_TYPES[path.extname(key).toLowerCase()] ?? 'application/octet-stream',
    ...metadata,
  };
  const known = await files.head(key);
  if (known?.etag === etag && JSON.stringify(known.headers) === JSON.stringify(headers)) return;
  const meta = { key, bytes: body.length, etag, lastModifiedMs: nowMs, headers, checksums: {} };
  await files.write(meta, body, false);
}
