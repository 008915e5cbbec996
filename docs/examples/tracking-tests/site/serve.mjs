import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

/** Serves the shop's one page on a free port; `writeKey` and `cdnUrl` are what a site has in its configuration. */
export async function serveShop({ writeKey, cdnUrl }) {
  const page = (await readFile(new URL('index.html', import.meta.url), 'utf8'))
    .replaceAll('WRITE_KEY', writeKey)
    .replaceAll('CDN_URL', cdnUrl);
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}
