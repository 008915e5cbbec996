import { AwsError, type RawResponse } from '../types.ts';

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** XML has no way to write most control characters; S3 sends them as references that a lenient reader takes. */
const escapeXml = (text: string) =>
  text
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    // oxlint-disable-next-line no-control-regex -- these are the characters meant
    .replaceAll(/[\u0000-\u001f]/g, (character) => `&#x${character.charCodeAt(0).toString(16)};`);

export const unescapeXml = (text: string) =>
  text.replaceAll(/&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([a-z]+));/g, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  });

/** An element; members that are undefined are left out. */
export function element(name: string, content: string | number | boolean | undefined): string {
  return content === undefined ? '' : `<${name}>${escapeXml(String(content))}</${name}>`;
}

/** A document whose members are XML already. */
const xmlDocument = (root: string, members: readonly string[]) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${members.join('')}</${root}>`;

/** An error as S3 sends it. An answer to HEAD has no body, so the SDK names the error after its status. */
export function s3ErrorResponse(error: AwsError, method: string, requestId: string): RawResponse {
  const body =
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error>' +
    element('Code', error.code) +
    element('Message', error.message) +
    Object.entries(error.fields)
      .map(([name, value]) => element(name, String(value)))
      .join('') +
    `${element('RequestId', requestId)}</Error>`;
  return {
    status: error.status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
    body: method === 'HEAD' || error.status === 304 ? '' : body,
  };
}

export const xmlResponse = (root: string, members: readonly string[], requestId: string): RawResponse => ({
  status: 200,
  headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
  body: xmlDocument(root, members),
});

export const noSuchKey = (key: string) =>
  new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
export const noSuchBucket = (bucket: string) =>
  new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: bucket });
export const notImplemented = (what: string) =>
  new AwsError('NotImplemented', `The local cloud does not have ${what} of S3`, 501);
export const invalidArgument = (message: string) => new AwsError('InvalidArgument', message);
