import type { Piece } from './raw-http.ts';

/** What may hold: the answer to it comes whole and in time, is 2xx or 4xx, and harms nobody else. */
export type HostileRequest = {
  group: string;
  name: string;
  /** Which of the hosts it goes to. */
  to: 'tracking' | 'api' | 'cdn';
  pieces: readonly Piece[];
  /** Answers that are to come: 1 unless it is a pipeline. */
  answers: number;
  /** The bodies whose events count as received where the answer is 200 without a refusal; one for each answer. */
  bodies: readonly (Buffer | undefined)[];
  isHead: boolean;
  /** Ends its side of the connection after the last byte. */
  endsAfter: boolean;
  withinMs: number;
};

/** An answer must come within this, as reliability.md R11 has it for good events; slow senders get the time that they take on top. */
export const ANSWER_WITHIN_MS = 5_000;

const HOST = 'tracking.example';

type Head = { method?: string; path?: string; headers?: readonly (readonly [string, string])[]; version?: string };

/** The bytes of a request line and headers, with nothing added to them. */
export const headOf = ({ method = 'POST', path = '/v1/track', headers = [], version = 'HTTP/1.1' }: Head): Buffer =>
  Buffer.from(
    `${method} ${path} ${version}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
    'latin1',
  );

export const basic = (writeKey: string): readonly [string, string] => [
  'Authorization',
  `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
];

export type About = Partial<Omit<HostileRequest, 'group' | 'name' | 'pieces'>>;

/** A request as raw bytes. */
export const raw = (group: string, name: string, pieces: readonly Piece[], about: About = {}): HostileRequest => ({
  group,
  name,
  pieces,
  to: 'tracking',
  answers: 1,
  bodies: [],
  isHead: false,
  endsAfter: false,
  withinMs: ANSWER_WITHIN_MS,
  ...about,
});

/** A whole request of the source: what HTTP asks for is right, so that its body, path or headers are what is looked at. */
export function sent(
  group: string,
  name: string,
  request: Omit<Head, 'headers'> & {
    writeKey: string;
    body?: string | Buffer;
    headers?: readonly (readonly [string, string])[];
    /** Unpacked, where the body is packed. */
    text?: string | Buffer;
  },
  about: About = {},
): HostileRequest {
  const body = Buffer.from(request.body ?? '');
  const head = headOf({
    ...request,
    headers: [
      ['Host', HOST],
      basic(request.writeKey),
      ...(request.headers ?? [['Content-Type', 'application/json'] as const]),
      ['Content-Length', String(body.length)],
    ],
  });
  const text = request.text ?? body;
  return raw(group, name, [Buffer.concat([head, body])], { bodies: [Buffer.from(text)], ...about });
}
