import { connect } from 'node:net';

/** Bytes to write, or a pause in ms. */
export type Piece = Buffer | number;

export type RawAnswer = { status: number; headers: Readonly<Record<string, string>>; body: string };

export type RawResult = {
  answers: readonly RawAnswer[];
  /** `answered`: all answers came whole. `closed`: the other side ended the connection before. `late`: neither, in time. */
  end: 'answered' | 'closed' | 'late';
  tookMs: number;
};

/**
 * Writes bytes to a socket as they are, whatever HTTP says of them, and reads so many answers: with a length, in chunks, or up to the end of
 * the connection. Never rejects.
 */
export function rawExchange(
  url: string,
  pieces: readonly Piece[],
  options: { answers: number; withinMs: number; isHead?: boolean; endsAfter?: boolean },
): Promise<RawResult> {
  const { hostname, port } = new URL(url);
  const startedMs = performance.now();
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  const answers: RawAnswer[] = [];
  const isHead = options.isHead === true;
  let rest: Buffer = Buffer.alloc(0);
  return new Promise((resolve) => {
    const finish = (end: RawResult['end']): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ answers, end, tookMs: performance.now() - startedMs });
    };
    const timer = setTimeout(() => finish('late'), options.withinMs);
    // A reset may follow an answer that is here already: what came is what counts.
    socket.on('error', () => undefined);
    const read = (isOver: boolean): void => {
      for (let next = readAnswer(rest, { isHead, isOver }); next !== undefined; ) {
        rest = rest.subarray(next.bytes);
        if (next.answer.status >= 200) answers.push(next.answer);
        next = readAnswer(rest, { isHead, isOver });
      }
      if (answers.length >= options.answers) finish('answered');
    };
    socket.on('close', () => {
      read(true);
      finish('closed');
    });
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      read(false);
    });
    void (async () => {
      for (const piece of pieces) {
        if (typeof piece === 'number') await new Promise((later) => setTimeout(later, piece));
        else if (socket.writable && !socket.write(piece)) await drained(socket);
      }
      if (options.endsAfter === true) socket.end();
    })();
  });
}

const drained = (socket: { once(event: string, done: () => void): unknown }): Promise<void> =>
  new Promise((resolve) => {
    socket.once('drain', resolve);
    socket.once('close', resolve);
  });

const HEAD_END = Buffer.from('\r\n\r\n');

/** The first answer in the bytes, if all of it is there. */
function readAnswer(
  bytes: Buffer,
  { isHead, isOver }: { isHead: boolean; isOver: boolean },
): { answer: RawAnswer; bytes: number } | undefined {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
  const headers = Object.fromEntries(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const start = end + HEAD_END.length;
  const isBodyless = isHead || status < 200 || status === 204 || status === 304;
  const length = isBodyless ? 0 : bodyLength(bytes.subarray(start), headers, isOver);
  if (length === undefined || bytes.length < start + length) return undefined;
  const body = bytes.subarray(start, start + length).toString('utf8');
  return { answer: { status, headers, body }, bytes: start + length };
}

const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** `undefined`: not known yet. Of chunks the whole text up to the last one: nobody looks into what Node says in its own name. */
function bodyLength(rest: Buffer, headers: Readonly<Record<string, string>>, isOver: boolean): number | undefined {
  const length = headers['content-length'];
  if (length !== undefined) return Number(length);
  if (headers['transfer-encoding'] === 'chunked') {
    const end = rest.indexOf(LAST_CHUNK);
    return end < 0 ? undefined : end + LAST_CHUNK.length;
  }
  return isOver ? rest.length : undefined;
}
