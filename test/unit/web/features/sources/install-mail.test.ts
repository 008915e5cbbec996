import { mailTo } from '../../../../../web/src/features/sources/install/install-mail.ts';

const PARTS = { sourceName: 'Shop & Söhne', kindName: 'Node.js', url: 'https://app.example.com/w/sources/s/install' };
const bodyOf = (address: string): string => new URL(address).searchParams.get('body') ?? '';

test('a mail has the code as it stands on the page, and the way back', () => {
  const code = 'const a = "1&2";\nrun(a);\n';
  const address = mailTo({ ...PARTS, texts: [{ title: 'With npm', code }] });
  expect(new URL(address).searchParams.get('subject')).toBe('Events of Shop & Söhne: what to install');
  expect(bodyOf(address)).toContain('const a = "1&2";\r\nrun(a);\r\n');
  expect(bodyOf(address)).toContain(PARTS.url);
});

test('code that no mail program would take is left to the page', () => {
  const address = mailTo({ ...PARTS, texts: [{ title: 'With npm', code: 'x'.repeat(9_000) }] });
  expect(address.length).toBeLessThan(2_000);
  expect(bodyOf(address)).toContain(PARTS.url);
});
