import { expectEvent, tracking } from '@tributary/testing';
import { chromium } from 'playwright-core';
import { serveShop } from '../site/serve.mjs';

let browser;
let shop;

beforeAll(async () => {
  shop = await serveShop(await tracking());
  // In your project: chromium.launch(), after `npx playwright install chromium`.
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await shop?.stop();
});

test('who buys tea is seen to look at the page and to buy', async () => {
  const page = await browser.newPage();
  await page.goto(shop.url);
  await page.getByRole('button', { name: 'Buy' }).click();
  await expectEvent({ type: 'page', name: 'Tea' }, { within: 15_000 });
  const order = await expectEvent(
    { event: 'Order Completed', properties: { total: 12.5, products: [{ sku: 'tea-1' }] } },
    { within: 15_000 },
  );
  expect(order.event.context.page.url).toBe(`${shop.url}/`);
}, 60_000);
